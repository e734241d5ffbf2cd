"""Who comes to what owners have published, counted without cookies and without addresses.

A visit is noted in memory (`audience.py`), and written with others once a second (`writing.py`) to
figures of days. Visitors are told apart by a digest with a salt that lives for a day
(`visitors.py`); machines are counted apart (`machines.py`).
"""
