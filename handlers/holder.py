"""What the works on a held certificate have in common: its row, its cycle, its scope, what earlier audits left open.

No step and no guard is here; rules are in the room `rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from engine.steps import Case, NewCase, Outcome, Record, Refused
from handlers.client_file import day, refuse, shown
from handlers.held import SUCCESSOR, client_of, current, own
from handlers.planned import plan_prefix, recertification_prefix
from rules.durations import last_day
from rules.one_valid import LIVE, services
from rules.programme import not_covered
from rules.surveillance import SUSPENSION_GROUNDS, grounds_denied

CONTROL_NAMES = {
    "surveillance_1": "Первый инспекционный контроль",
    "surveillance_2": "Второй инспекционный контроль",
    "unplanned": "Внеплановый контроль",
}
GROUND_NAMES = dict(
    zip(
        SUSPENSION_GROUNDS,
        (
            "систематическое нарушение требований к результативности",
            "держатель препятствует контролю в установленный срок",
            "просьба держателя",
            "прекращение деятельности или реорганизация",
        ),
        strict=True,
    )
)
ELEMENTS = ("4", "5", "6", "7", "8", "9", "10")
"""Chapters of a management system standard: the elements of which each is looked at once a cycle (C-116)."""
CONTROL_DAYS = "Контроль, дней"
"""Field of the journal of cycles: the time of a year's control, a third of the initial time of the organisation."""
_DETAILS = ("bin", "account", "standards", "codes", "scope")
DETAILS_READ = frozenset({"name", "email", "sites", *_DETAILS})
_REGISTER = {"bin": "БИН", "standards": "Стандарты", "codes": "Коды IAF", "scope": "Область"}


def eve(value: date | str) -> str:
    """Return the day before, as ISO text: a term of one day that starts there ends on the day itself."""
    found = value if isinstance(value, date) else day(value)
    return (found - timedelta(days=1)).isoformat()


def scope_items(scope: str) -> list[str]:
    """Return the services or stages of a scope, parted by semicolons or lines, in their order.

    >>> scope_items("Бетон;  плиты")
    ['Бетон', 'плиты']
    """
    return [" ".join(part.split()) for part in re.split(r"[;\n]", scope) if part.strip()]


def same_items(items: Iterable[str]) -> frozenset[str]:
    """Return items as they are compared: spaces and capitals do not matter."""
    return services(";".join(items))


def exclusions_denied(scope: str, excluded: Sequence[Mapping[str, Any]], *, field: str) -> None:
    """Refuse a reduction that names nothing of the scope, or all of it. Source: C L273-274 (C-157, C-158)."""
    items, named = same_items(scope_items(scope)), same_items(row["item"] for row in excluded)
    if not named:
        raise Refused("EXCLUSIONS_MISSING", "Назовите исключаемые услуги или стадии.", field=field)
    if items and (not named <= items or named == items):
        raise Refused(
            "EXCLUSIONS_WRONG",
            "Исключить можно часть действующей области: {scope}. Всю область отменяют, а не сокращают.",
            field=field,
            scope=scope,
        )


def certificate_row(case: Case, number: str) -> Mapping[str, Any] | None:
    """Return the register's row of a certificate by its number, or None for one that nobody entered."""
    return next((row for row in case.registers("journals/certificates") if row["_key"] == number), None)


def is_ended(row: Mapping[str, Any] | None) -> bool:
    """Whether the register says that a certificate is no longer there; one that it does not know may be in force."""
    return row is not None and row.get("Статус") not in LIVE


def numbers_of(case: Case, number: str) -> list[str]:
    """Return a certificate's number and those of the certificates whose place it took, one after another."""
    found = [number]
    rows = list(case.registers("journals/certificates"))
    for latest in found:
        found += [str(row["_key"]) for row in rows if row.get(SUCCESSOR) == latest and str(row["_key"]) not in found]
    return found


def details(case: Case, values: Mapping[str, Any], *, is_new: bool = False) -> dict[str, Any]:
    """Return holder and scope in the words of the application that later works read.

    What the register knows goes before what the start form was told when the work was planned; a form that was filled
    in just now (`is_new`) goes before the register, for it may speak of what is to be added.
    """
    told = {"name": values["holder"], "email": values["email"]}
    told |= {name: values[name] for name in (*_DETAILS, "sites") if values.get(name)}
    row, known = current(case, values["certificate"]), {}
    if row is not None:
        number = str(row["_key"])
        known = {name: value for name, value in client_of(case, number).items() if name in DETAILS_READ and value}
        known |= {name: row[title] for name, title in _REGISTER.items() if row.get(title)}
    found: dict[str, Any] = {**known, **told} if is_new else {**told, **known}
    found["sites"] = list(found.get("sites", ())) or [
        {"name": "Основная площадка", "address": "—", "activity": "—", "code": "—", "personnel": 1, "central": True}
    ]
    return found


DETAIL_PATHS = tuple(f"application.{name}" for name in ("name", "email", *_DETAILS, "sites"))


def plans_of(case: Case, number: str) -> list[str]:
    """Return the beginnings of the keys of all that is planned for a certificate and for those it took the place of."""
    numbers = numbers_of(case, number)
    return [prefix(each) for each in numbers for prefix in (plan_prefix, recertification_prefix)]


def control_key(case: Case) -> str:
    """Return the key of this control in the journal of surveillance."""
    return str(case["surveillance.key"])


def control_record(case: Case, status: str, **more: Any) -> Record:
    """Return this control's row of the journal of surveillance, with what is known now. Source: C L192 (C-110)."""
    control, key = case["surveillance"], control_key(case)
    known = next((row for row in case.registers("journals/surveillances") if row["_key"] == key), None)
    fields = {
        **own(known or {}),
        "Сертификат": control["certificate"],
        "Держатель": case["application.name"],
        "Контроль": CONTROL_NAMES[control["kind"]],
        "Дело": case.number,
        "Статус": status,
        **more,
    }
    return Record(journal="surveillances", key=key, fields=fields)


def earlier_findings(case: Case, certificate: str, given: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return findings of the certification and of earlier controls of a certificate, each once.

    `given` came with the start; the rest stands in the journal of protocols under the cases of earlier controls.
    Actions that were judged effective are not asked again. Source: C L163, L167, L195 (C-085, C-089, C-112).
    """
    rows = {(str(row["case"]), str(row["number"])): dict(row) for row in given}
    cases = {row["Дело"] for row in case.register("journals/surveillances", Сертификат=certificate) if row.get("Дело")}
    for row in case.registers("journals/protocols"):
        key = (str(row["Дело"]), str(row["Номер"]))
        if row["Дело"] in cases - {case.number}:
            kind = "notification" if row["Значимость"] == "уведомление" else "nonconformity"
            rows[key] = {"case": key[0], "number": key[1], "kind": kind, "text": str(row["Описание"])}
        if row.get("П. 4 результативно") == "да" or row.get("Результат уведомления"):
            rows.pop(key, None)
    return list(rows.values())


def gaps(case: Case, certificate: str, decided_on: str, units: Sequence[str]) -> tuple[str, ...]:
    """Return elements and units that no control of this cycle has looked at. Source: C L203 (C-116)."""
    rows = case.register("journals/coverage", Сертификат=certificate, Цикл=decided_on)
    return not_covered([*ELEMENTS, *units], [{*row["Элементы"], *row["Подразделения"]} for row in rows])


def demand_grounds(case: Case, number: str, outcome: str, grounds: Sequence[str]) -> None:
    """Refuse a decision without a coded ground, and a suspension for a reorganisation that is being entered in time.

    Whoever asked for the re-issue within its month keeps the certificate in force until the head has decided.
    Source: C L229-233, L246 (C-127, C-139, C-140); reading suspension.reorganisation
    """
    refuse(case, grounds_denied(grounds), field="grounds")
    if outcome != "SUSPEND" or "reorganisation" not in grounds:
        return
    if case.terms.reading("suspension.reorganisation") != "reissue_if_in_time":
        return
    open_cases = {row["number"] for row in case.registers("open_cases") if row["process"] == "reissue"}
    for row in case.register("journals/reissues", Сертификат=number):
        if row["_key"] in open_cases and row["Статус"] == "IN_TIME":
            raise Refused(
                "REISSUE_UNDER_WAY",
                "О переоформлении после реорганизации заявлено в срок, дело {case}: дождитесь решения по нему.",
                field="grounds",
                case=row["_key"],
            )


def suspension_limit(case: Case, from_day: date) -> date:
    """Return the last day of a suspension that begins on a day (term suspension.max; ISO/IEC 17021-1 9.6.5)."""
    return case.terms.due("suspension.max", from_day).day


def due_denied(case: Case, due_on: str, latest: date) -> None:
    """Refuse a day for removing the causes that has passed or is later than `latest` (C-129, C-130)."""
    if not case.today < day(due_on) <= latest:
        raise Refused(
            "DUE_TOO_LATE",
            "Срок устранения причин: после сегодняшнего дня и не позже {last}.",
            field="due_on",
            last=shown(latest),
        )


def status_case(case: Case, values: Mapping[str, Any]) -> Outcome:
    """Return an outcome that opens a case on the status of this control's certificate.

    `values` say initiator, action, basis, who decided when, and on which grounds.
    """
    control, application = case["surveillance"], case["application"]
    data = {
        "certificate": control["certificate"],
        "valid_until": control["valid_until"],
        "holder": application["name"],
        "email": application["email"],
        "decided": True,
        "source_case": case.number,
        "team": [{"person": login} for login in case.members("audit_team")],
        **{name: application[name] for name in _DETAILS if application.get(name)},
        **{name: value for name, value in values.items() if value},
    }
    record = control_record(case, str(values["action"]), **{"Решение от": values["decided_on"]})
    return Outcome(cases=(NewCase(process="certificate_status", data=data),), records=(record,))


def one_month(case: Case, from_day: date) -> date:
    """Return the last day of the month for corrective actions of a control (term suspension.ca, C-129)."""
    return last_day(from_day, str(case.terms.due("suspension.ca", from_day).duration))
