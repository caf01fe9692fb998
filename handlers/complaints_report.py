"""The annual report on items: counts and shares for the management review, the digest for the staff.

Source: A 5.3, 6.1.1 item 9, 6.8.2 (A-012, A-028, A-067).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from engine.steps import Case, Document, Letter, Outcome, Record, Refused, guard, step
from handlers.client_file import day, director, name_of
from rules.complaint_summary import Considered, Summary, by_month, three_years

MONTHS = ("янв", "фев", "мар", "апр", "май", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
COUNTED = ("жалоба (претензия)", "апелляция")


@guard(refuses=("YEAR_AHEAD",), requirements=("A-067",))
def may_start(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a report on a year that has not begun.

    Refuses: YEAR_AHEAD
    Source:  A 6.8.2 (A-067)
    """
    if int(values["year"]) > case.today.year:
        raise Refused("YEAR_AHEAD", "Этот год ещё не начался.", field="year")


@step(writes=("summary.months", "summary.years", "summary.improvements"), requirements=("A-012", "A-067"))
def compile_summary(case: Case) -> Outcome:
    """Count submitted, justified and timely complaints and appeals by month, and for three years.

    Reads:   report_period.year; the journals `appeals` and `improvements`
    Writes:  summary.months and summary.years, rows of label -> value; summary.improvements, texts
    Source:  A 5.3, 6.8.2 (A-012, A-067)
    """
    year = int(case["report_period.year"])
    items = _items(case.registers("journals/appeals"))
    months = [_row(MONTHS[place], each) for place, each in enumerate(by_month(items, year))]
    years = [_row(str(each.first.year), each) for each in three_years(items, year)]
    changed = [str(row["Что изменено"]) for row in case.registers("journals/improvements")]
    return Outcome(data={"summary": {"months": months, "years": years, "improvements": changed}})


@step(requirements=("A-012", "A-028", "A-067"))
def issue(case: Case) -> Outcome:
    """Issue the report with its chart and the evaluation, and tell the staff what complaints have taught.

    Source: A 5.3, 6.1.1 item 9, 6.8.2 (A-012, A-028, A-067)
    """
    year = case["report_period.year"]
    changed = case["summary.improvements"]
    text = f"За {year} год: {_line(case['summary.years'][-1])}. Изменено: {'; '.join(changed) or 'ничего'}."
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
    fields = {
        "Год": case["report_period.year"],
        "По месяцам": case["summary.months"],
        "Диаграмма": [_bar(row) for row in case["summary.months"]],
        "Отчётный и два предыдущих года": case["summary.years"],
        "Эффективность рассмотрения": case["annual_report.effectiveness"],
        "Причины и улучшения": case["summary.improvements"],
        "Выводы руководителя органа": case["management_review.conclusions"],
        "Анализ со стороны руководства": case["management_review.meeting_on"],
    }
    title = "Годовой отчёт о рассмотрении обращений"
    return Document(kind="annual_report", title=title, fields=fields, signers=(director(case),))


def _items(rows: Sequence[Mapping[str, Any]]) -> list[Considered]:
    return [
        Considered(
            registered_on=day(str(row["Зарегистрировано"])),
            due=_day_or_last(row.get("Срок")),
            closed_on=day(str(row["Закрыто"])) if row.get("Закрыто") else None,
            is_justified=row.get("Обоснована") is True,
        )
        for row in rows
        if row.get("Зарегистрировано") and row.get("Категория") in COUNTED
    ]


def _day_or_last(value: Any) -> date:
    return day(str(value)) if value else date.max


def _row(label: str, found: Summary) -> dict[str, Any]:
    share = found.in_time_share
    return {
        "Период": label,
        "Подано": found.submitted,
        "Обосновано": found.justified,
        "Закрыто": found.closed,
        "В срок, %": round(float(share * 100)) if share is not None else "—",
    }


def _line(row: Mapping[str, Any]) -> str:
    return f"подано {row['Подано']}, обосновано {row['Обосновано']}"


def _bar(row: Mapping[str, Any]) -> str:
    return f"{row['Период']} {'█' * int(row['Подано'])}{'▒' * int(row['Обосновано'])}"
