"""Questions about a published profile, answered from what it holds and from nothing else.

    Question → facts: computed from rows        → Answer
             → evidence: sentences of the rows  → quoted, or told by a model and checked

What nobody may see of a profile is not in the record that all of this gets, so no question leads
to it.
"""
