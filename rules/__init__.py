"""Is it allowed, how many, until when, and why? The rules of the procedures as pure functions over values.

Nothing here reads a clock, a file or another room. A rule that may forbid returns `Denied | None`, one that owes
a value raises `NotPossible` (rules/verdict.py). Sources in the docstrings: `C L158` is a line of the procedure for
certification of management systems, `A 6.10.13` a clause of the procedure for complaints and appeals, each with
the row of `processes/requirements.csv` in parentheses; IAF documents and ISO clauses are named in full.
"""
