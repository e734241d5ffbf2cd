"""What is computed from rows and never guessed: how long, when, what is current, what there is.

Each kind of question is a function of `career`, `studies`, `abilities` or `person`; `computed`
knows which words ask for which.
"""
