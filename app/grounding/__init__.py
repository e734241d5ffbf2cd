"""Whether what is written into a profile is said by the sources that are cited for it.

    cited → Source, what is said      values → Claim      judge: which claims nobody says

A claim is a figure, a date, an employer, a title or a name. Prose without figures claims nothing
here: nobody can tell by rule whether it is true. Only `cited` reads the database.
"""

MOST_CITED = 50  # sources that one row or profile may cite
