"""The one handler of the benchmark's model, so that no handler of the real procedures is bound to it."""

from __future__ import annotations

from engine.steps import Case, Outcome, Record, step


@step(writes=("journal_line.what", "journal_line.on"))
def enter(case: Case, *, what: str) -> Outcome:
    """Enter what happened into the journal of requests.

    Reads:   request (start form)
    Writes:  journal_line  what (str) and the day (ISO date); the case's row of the journal `requests`
    """
    line = {"what": what, "on": case.today.isoformat()}
    fields = {"Заявитель": case["request.applicant"], "О чём": case["request.subject"], "Событие": what}
    return Outcome(data={"journal_line": line}, records=(Record(journal="requests", key=case.number, fields=fields),))
