"""The pages for who has an account here: first-class users of the API, by nothing but operations.
They are for people, and no part of the OpenAPI document.

An `Area` (area.py) is a file of routes. Each is called with a `Visitor` (visitor.py), who runs
operations as the session of the cookie, and answers a `page` (pages.py). What goes wrong becomes a
page in failures.py; what a POST brings is a `Form` (forms.py).
"""
