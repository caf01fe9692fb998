"""Whether an appeal came in time, and the plan of its month.

Source: A 6.10.1 (A-078); ISO/IEC 17065 7.13.
"""

from __future__ import annotations

from datetime import date
from typing import cast

from engine.steps import Case, Document, Outcome, Participant, step
from handlers.appeal_result import TELLS, told
from handlers.client_file import acting_director, day, name_of, shown, to_role
from handlers.item import journal_row, paper, signed_now, to_sender
from rules.durations import Duration
from rules.hearing import DueOf, critical_path
from rules.windows import Admission, admission

SUSPENDED = "До решения комиссии оспариваемое решение не исполняется."
IN_FORCE = "Подача апелляции не приостанавливает оспариваемого решения."
WRITES = ("admission.window", "admission.last_day", "admission.outcome")


@step(writes=WRITES, requirements=("A-078",))
def check_window(case: Case) -> Outcome:
    """Compare the day of filing with the last day for an appeal.

    Reads:   submission.received_on; submission.decision_received_on, or decision_dated_on where the term runs from
             the decision (unknown: the term has not begun, so in time)
    Writes:  admission.window ADMITTED or LATE; admission.last_day, empty when unknown
    Source:  A 6.10.1 (A-078); profile appeal.start
    """
    from_decision = case.terms.reading("appeal.start") == "decision"
    begun = case.get("submission.decision_dated_on" if from_decision else "submission.decision_received_on")
    filed = day(case["submission.received_on"])
    last = case.terms.due("appeal.window", day(begun)).day if begun else None
    window = admission(last or filed, filed)
    data = {"window": window.value, "last_day": last.isoformat() if last else "", "outcome": window.value}
    return Outcome(data={"admission": data})


@step(
    writes=(*WRITES, "outcome.status", "plan.commission", "plan.request", "plan.materials", "plan.earliest_session",
            "plan.decision", "plan.warning"),
    requirements=("A-070", "A-078", "A-090"),
    tells=TELLS,
)  # fmt: skip
def settle(case: Case) -> Outcome:
    """Tell the appellant whether the appeal is admitted; lay out its month when it is.

    Reads:   admission.window, window_restoration.* (when late), resolution.ground
    Writes:  admission.outcome ADMITTED or LATE; plan.* the latest days of the steps; outcome.status LATE
    Source:  A 6.9.3, 6.10.1, 6.10.14 (A-070, A-078, A-090); profile appeal.suspensive
    """
    before = case["admission"]
    restored = case.get("window_restoration.restore") == "YES" and before["window"] == Admission.LATE.value
    admitted = restored or before["window"] == Admission.ADMITTED.value
    outcome = {**before, "outcome": "ADMITTED" if admitted else "LATE"}
    if not admitted:
        return _late(case, outcome)
    plan = _plan(case, day(case["registration.registered_on"]))
    why = f" Пропущенный срок восстановлен: {case['window_restoration.reason']}" if restored else ""
    suspends = bool(case.terms.reading("appeal.suspensive"))
    effect = SUSPENDED if suspends else IN_FORCE
    decided = f"Решение будет принято не позднее {shown(plan['decision'])}."
    body = f"Апелляция допущена к рассмотрению.{why} {decided} {effect}"
    stop = f"По апелляции {case.number}: {case.get('submission.contested_decision', 'решение не названо')}. {effect}"
    return Outcome(
        data={"admission": outcome, "plan": plan},
        documents=[_laid_out(case, plan)],
        letters=[
            *to_sender(case, "appeal_admitted", f"Апелляция {case.number} допущена", body),
            *(to_role(case, "head", "decision_suspended", "Решение приостановлено", stop) if suspends else ()),
        ],
        records=[
            journal_row(
                case,
                "UNDER_CONSIDERATION",
                Допуск="восстановлен срок" if restored else "в срок",
                **{"Оспариваемое решение": "приостановлено" if suspends else "действует"},
            )
        ],
        participants=_parties(case),
    )


def _parties(case: Case) -> list[Participant]:
    """Those who speak for the parties: they neither sit in the commission nor vote."""
    body = [str(row["login"]) for row in case.registers("person") if "head" in row.get("roles", ())]
    return [Participant(group="party", login=login) for login in (*case.members("applicant"), *body)]


def _late(case: Case, outcome: dict[str, str]) -> Outcome:
    last = shown(outcome["last_day"])
    reason = str(case["window_restoration.reason"])
    body = f"Срок подачи апелляции истёк {last} и не восстановлен. Причина: {reason}"
    return Outcome(
        data={"admission": outcome, "outcome": {"status": "LATE"}},
        documents=[
            paper(
                case,
                "late_notice",
                "Уведомление о пропуске срока апелляции",
                {"Причина": body},
                **signed_now(case, acting_director(case)),
            )
        ],
        letters=to_sender(
            case, "appeal_late", f"Апелляция {case.number}: срок пропущен", body, encloses=("late_notice",)
        ),
        records=[journal_row(case, "LATE", Допуск="срок пропущен")],
        tells=told(case, "not_considered", "LATE", reasons=body),
    )


def _plan(case: Case, registered: date) -> dict[str, str]:
    # The engine's Due and the rule's Deadline are two views of one deadline; the path reads only the day of either.
    path = critical_path(cast("DueOf", case.terms.due), registered, notice_ahead=notice_ahead(case))
    return {
        "commission": path.commission.isoformat(),
        "request": path.request.isoformat(),
        "materials": path.materials.isoformat(),
        "earliest_session": path.earliest_session.isoformat(),
        "decision": path.decision.isoformat(),
        "warning": path.warning.message if path.warning else "",
    }


def _laid_out(case: Case, plan: dict[str, str]) -> Document:
    """Return the month of the appeal as a paper for everybody who has a step in it."""
    decision = day(plan["decision"])
    last_notice = Duration.parse(f"-{notice_ahead(case)}").after(decision)
    secretary = next(iter(case.members("commission_secretary")), "")
    who = name_of(case, secretary) if secretary else "секретарь комиссии"
    steps = (
        ("Запросить сведения у обеих сторон", who, plan["request"]),
        ("Утвердить комиссию", "директор", plan["commission"]),
        ("Получить сведения сторон", "апеллянт и орган", plan["materials"]),
        ("Уведомить стороны о рассмотрении", who, last_notice.isoformat()),
        ("Рассмотреть апелляцию и вынести решение", "комиссия", plan["decision"]),
    )
    rows = [{"Что": what, "Кто": whose, "Не позднее": shown(until)} for what, whose, until in steps]
    spare = (decision - day(plan["earliest_session"])).days
    fields = {
        "Зарегистрирована": shown(case["registration.registered_on"]),
        "Чтобы месяц был соблюдён": rows,
        "Если каждый займёт весь свой срок": f"рассмотрение возможно с {shown(plan['earliest_session'])}",
        "Запас": plan["warning"] or f"{spare} дн. до последнего дня решения",
    }
    return paper(case, "appeal_plan", f"План рассмотрения апелляции {case.number}", fields)


def notice_ahead(case: Case) -> str:
    """Return how long ahead the parties are invited, as `P5D`, from the term `notice` that counts backwards."""
    return case.terms.due("notice", case.today).duration.removeprefix("-")
