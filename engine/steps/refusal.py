"""How a handler says no, or not now."""

from __future__ import annotations

from datetime import timedelta


class Refused(Exception):
    """A rule says no. In a guard the person is told and nothing is stored; in a step the diagram's error path is taken.

    `template` is a Russian sentence with named places, `facts` fill them; `field` is the form field it is about.
    """

    def __init__(self, code: str, template: str, *, field: object = None, **facts: object) -> None:
        self.code = code
        self.template = template
        self.field = None if field is None else str(field)
        self.facts = facts
        super().__init__(template.format(**facts) if facts else template)


class TryAgain(Exception):
    """The step cannot be done now and should be tried again after a while."""

    def __init__(self, after: timedelta, why: str) -> None:
        self.after = after
        self.why = why
        super().__init__(why)
