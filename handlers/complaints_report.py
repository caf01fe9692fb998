"""The annual report on items: counts and shares for the management review, the digest for the staff.

Source: A 5.3, 6.1.1 item 9, 6.8.2 (A-012, A-028, A-067).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.steps import Case, Document, Letter, Outcome, Record, Refused, guard, step
from handlers.client_file import GREETING, contact, day, head_of_body, name_of
from handlers.item import signed_now
from rules.complaint_summary import Considered, Measures, Summary, by_month, measures, three_years

MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
JUSTIFIED_APPEALS = ("апелляция удовлетворена", "апелляция удовлетворена частично")
COUNTED = ("жалоба (претензия)", "апелляция")


@guard(refuses=("YEAR_AHEAD",), requirements=("A-067",))
def may_start(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a report on a year that has not begun.

    Refuses: YEAR_AHEAD
    Source:  A 6.8.2 (A-067)
    """
    if int(values["year"]) > case.today.year:
        raise Refused("YEAR_AHEAD", "Этот год ещё не начался.", field="year")


@step(
    writes=("summary.months", "summary.years", "summary.measures", "summary.improvements"),
    requirements=("A-012", "A-067"),
)
def compile_summary(case: Case) -> Outcome:
    """Count submitted, justified and timely complaints and appeals by month, and for three years.

    The figures are a paper before anybody judges them: those who evaluate them have them before their eyes.

    Reads:   report_period.year; the journals `appeals`, `extensions` and `improvements`
    Writes:  summary.months and summary.years, rows of label -> value; summary.measures, label -> value;
             summary.improvements of the year, texts
    Source:  A 5.3, 6.8.2 (A-012, A-067)
    """
    year = int(case["report_period.year"])
    items = _items(case)
    taught = [row for row in case.registers("journals/improvements") if _year_of(row.get("Определены")) in (year, None)]
    summary = {
        "months": [_row(MONTHS[place], each) for place, each in enumerate(by_month(items, year))],
        "years": [_row(str(each.first.year), each) for each in three_years(items, year)],
        "measures": _measured(measures(_taken(case, taught))),
        "improvements": [str(row["Что изменено"]) for row in taught],
    }
    title = f"Числа для годового отчёта об обращениях за {year} год"
    figures = Document(kind="annual_figures", title=title, fields=_figures(year, summary))
    return Outcome(data={"summary": summary}, documents=[figures])


@step(requirements=("A-012", "A-028", "A-067"))
def issue(case: Case) -> Outcome:
    """Issue the report with its chart and the evaluation, and tell the staff what complaints have taught.

    Source: A 5.3, 6.1.1 item 9, 6.8.2 (A-012, A-028, A-067)
    """
    year = case["report_period.year"]
    changed = case["summary.improvements"]
    text = "\n\n".join(
        part
        for part in (
            GREETING,
            f"Рассмотрены обращения за {year} год: {_line(case['summary.years'][-1])}.",
            f"Что изменено по жалобам: {'; '.join(changed) or 'ничего'}.",
            f"Дело № {case.number}.",
            contact(case, "quality_engineer"),
        )
        if part
    )
    staff = [
        Letter(kind="staff_digest", to=str(row.get("email") or row["login"]), subject="Чему научили жалобы", body=text)
        for row in case.registers("person")
        if row.get("roles") and "commission_candidate" not in row["roles"] and "assessor" not in row["roles"]
    ]
    return Outcome(documents=[_report(case)], letters=staff)


@step(requirements=("A-012", "A-067"))
def hand_over(case: Case) -> Outcome:
    """Record that the quality engineer has taken the report for the management review. Source: A 6.8.2 (A-067)."""
    fields = {
        "Год": case["report_period.year"],
        "Передал": "канцелярия",
        "Принял": name_of(case, case.actor.login),
        "Когда": case["report_acceptance.received_on"],
        "Приложение к": case["report_acceptance.attached_to"],
    }
    return Outcome(records=[Record(journal="annual_reports", key=str(case["report_period.year"]), fields=fields)])


def _report(case: Case) -> Document:
    said = {
        "Эффективность рассмотрения": case["annual_report.effectiveness"],
        "Выводы руководителя органа": case["management_review.conclusions"],
        "Анализ со стороны руководства": case["management_review.meeting_on"],
    }
    year = case["report_period.year"]
    return Document(
        kind="annual_report",
        title=f"Годовой отчёт о рассмотрении обращений за {year} год",
        fields={**_figures(year, case["summary"]), **said},
        **signed_now(case, head_of_body(case)),
    )


def _figures(year: Any, summary: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "Год": year,
        "Отчётный и два предыдущих года": summary["years"],
        "По месяцам": summary["months"],
        **summary["measures"],
        "Что изменено по жалобам": summary["improvements"] or ["изменений не потребовалось"],
    }


def _items(case: Case) -> list[Considered]:
    late = {str(row["_key"]) for row in case.registers("journals/extensions") if row.get("Отметка")}
    return [
        Considered(
            registered_on=day(str(row["Зарегистрировано"])),
            due=_day_or_last(row.get("Срок")),
            closed_on=_answered_on(row),
            is_justified=row.get("Обоснована") is True or row.get("Решение") in JUSTIFIED_APPEALS,
            is_repeat=bool(row.get("Повторное к")),
            has_late_notice=str(row["_key"]) in late,
        )
        for row in case.registers("journals/appeals")
        if row.get("Зарегистрировано") and row.get("Категория") in COUNTED
    ]


def _answered_on(row: Mapping[str, Any]) -> date | None:
    """Return the day of the decision, else of the reply, else of the closing; None while there is none of them."""
    for name in ("Решение вынесено", "Ответ отправлен", "Закрыто"):
        if row.get(name):
            return day(str(row[name]))
    return None


def _taken(case: Case, taught: Sequence[Mapping[str, Any]]) -> list[tuple[int, int, bool]]:
    again = {str(row["Повторное к"]) for row in case.registers("journals/appeals") if row.get("Повторное к")}
    return [
        (len(row.get("Меры", ())), int(row.get("Выполнено мер", 0)), str(row.get("Жалоба")) in again) for row in taught
    ]


def _measured(found: Measures) -> dict[str, Any]:
    share = found.effective_share
    return {
        "Мер по обоснованным жалобам": f"назначено {found.planned}, выполнено {found.done}",
        "Действенность мер": "обоснованных жалоб с мерами не было"
        if share is None
        else f"{round(float(share * 100))} % жалоб после мер не повторились",
    }


def _year_of(value: Any) -> int | None:
    return day(str(value)).year if value else None


def _day_or_last(value: Any) -> date:
    return day(str(value)) if value else date.max


def _row(label: str, found: Summary) -> dict[str, Any]:
    share = found.in_time_share
    return {
        "Период": label,
        "Подано": found.submitted,
        "Обосновано": found.justified,
        "Рассмотрено": found.closed,
        "В срок, %": round(float(share * 100)) if share is not None else "—",
        "Повторные": found.repeated,
        "Поздние уведомления": found.late_notices,
    }


def _line(row: Mapping[str, Any]) -> str:
    return f"подано {row['Подано']}, обосновано {row['Обосновано']}"
