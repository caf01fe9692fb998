"""Recertification: the holder is invited, applies, the audit is planned from the cycle's results, the term may end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from engine.steps import Case, Letter, Outcome, Record, Refused, guard, step
from handlers.client_file import (
    HEAD,
    SITE_STATUSES,
    day,
    head_of_body,
    paper,
    refuse,
    shown,
    standards,
    to_applicant,
    works_row,
)
from handlers.ends import expired
from handlers.held import own
from handlers.holder import numbers_of
from handlers.planned import reminder
from rules.certificates import Restoration, late_application, recertified
from rules.programme import not_covered
from rules.renewal import gaps_denied, stage_one_denied

ELEMENTS = ("4", "5", "6", "7", "8", "9", "10")
"""The clauses of every management system standard of the common structure."""
FINISHED = ("DECIDED", "CONFIRMED")
"""Statuses of a control in the journal `surveillances` after its decision."""


@step(
    writes=(
        "renewal.eve",
        "renewal.latest",
        "renewal.window_until",
        "renewal.surveillance",
        "renewal.surveillance_text",
        "renewal.gaps",
        "renewal.gaps_text",
        "renewal.systems_text",
    ),
    requirements=("C-116", "C-143", "C-150"),
)
def invite(case: Case) -> Outcome:
    """Invite the holder to apply, and gather what the cycle has shown.

    Reads:   held; recertification.surveillance, journals `surveillances` and `coverage`
    Writes:  renewal  the eve of the expiry and the end of the restoration window, results of the cycle's
             surveillance, what none of its audits has seen
    Source:  C L252 (C-143), L257, L259 (C-150), L203 (C-116)
    """
    ends = day(case["held.expires_on"])
    seen = _surveillance(case)
    gaps = list(not_covered((*ELEMENTS, *_sites(case)), [row["seen"] for row in seen]))
    results = [{"audit": row["audit"], "held_on": row["held_on"], "result": row["result"]} for row in seen]
    renewal = {
        "eve": (ends - timedelta(days=1)).isoformat(),
        "latest": case.terms.due("recert.latest_letter", ends).day.isoformat(),
        "window_until": case.terms.due("restore.window", ends).day.isoformat(),
        "surveillance": results,
        "surveillance_text": "\n".join(f"{row['audit']}, {row['held_on']}: {row['result']}" for row in results)
        or "В журналах органа инспекционных контролей этого цикла нет.",
        "gaps": [{"element": gap} for gap in gaps],
        "gaps_text": ", ".join(gaps) or "За цикл проверены все элементы и площадки.",
        "systems_text": f"Системы: {', '.join(standards(case))}. Площадки: {', '.join(_sites(case))}.",
    }
    return Outcome(data={"renewal": renewal}, letters=(_invitation(case, renewal["latest"]),))


def _invitation(case: Case, latest: Any) -> Letter:
    body = (
        f"Сертификат {case['held.number']} действует до {shown(case['held.expires_on'])}. Заявку на ресертификацию "
        f"подайте в ИС не позднее {shown(latest)}. Форма заявки открыта вам в этом деле; сведения о системе и о "
        "площадках впишите в неё же."
    )
    return to_applicant(case, "recertification_letter", "Ресертификация", body, due=day(latest))


def _sites(case: Case) -> list[str]:
    return [str(row["name"]) for row in case.get("application.sites", [])]


def _surveillance(case: Case) -> list[dict[str, Any]]:
    told_by_hand = [
        {**row, "seen": {*row.get("elements", []), *(_sites(case) if row.get("all_sites") else [])}}
        for row in case.get("recertification.surveillance", [])
    ]
    seen = {str(row["Дело"]): row for row in case.registers("journals/coverage")}
    numbers = numbers_of(case, case["held.number"])
    kept = [
        {
            "audit": f"{row['Контроль']}, дело {row['Дело']}",
            "held_on": str(row.get("Решение от", "")),
            "result": str(row.get("Решение", row["Статус"])),
            "seen": {*seen[row["Дело"]]["Элементы"], *seen[row["Дело"]]["Подразделения"]}
            if row["Дело"] in seen
            else set(),
        }
        for row in case.registers("journals/surveillances")
        if row["Сертификат"] in numbers and row.get("Дело") and row["Статус"] in FINISHED
    ]
    return told_by_hand + kept


@guard(refuses=("REJECTED_SIGNATURE", "LATE_APPLICATION"), requirements=("C-144",))
def applied(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an application whose signature is not the holder's; a late one is let in unless the reading says no.

    Source: C L253 (C-144); reading recert.late_application
    """
    if values["outcome"] != "apply":
        return
    if values["signature"] != "valid" or values.get("signer_bin") != case["held.bin"]:
        raise Refused(
            "REJECTED_SIGNATURE",
            "Подпись заявки отсутствует, недействительна или принадлежит другому БИН.",
            field="signature",
        )
    late = late_application(day(case["held.expires_on"]), day(values["registered_on"]))
    if late is not None and case.terms.reading("recert.late_application") == "refuse":
        raise Refused(late.code, late.template, field="registered_on", **dict(late.facts))


@step(
    writes=(
        "application.is_number",
        "application.registered_on",
        "application.sites",
        "application.personnel",
        "renewal_application.late",
        "renewal_application.note",
        "renewal_application.changes",
    ),
    requirements=("C-144", "C-145"),
)
def accept(case: Case) -> Outcome:
    """Take in the application; warn when it came later than two months before the expiry.

    Reads:   recertification_application (form); reading recert.late_application
    Writes:  application  number, day and what has changed; renewal_application  late, the remark, the changes
    Source:  C L253 (C-144, C-145)
    """
    values = case["recertification_application"]
    late = late_application(day(case["held.expires_on"]), day(values["registered_on"]))
    changed = {name: values[name] for name in ("is_number", "registered_on", "sites", "personnel") if values.get(name)}
    remark = late.message if late else "Заявка подана в срок."
    heard = {"late": late is not None, "note": remark, "changes": values["changes"] == "serious"}
    letters = (
        (to_applicant(case, "late_application", "Заявка на ресертификацию подана поздно", _late_text(case, remark)),)
        if late
        else ()
    )
    row = works_row(
        case, "Заявка на ресертификацию" + (" LATE_APPLICATION" if late else ""), Заявка=values["is_number"]
    )
    return Outcome(
        data={"application": {**case["application"], **changed}, "renewal_application": heard},
        letters=letters,
        records=(row,),
    )


def _late_text(case: Case, remark: str) -> str:
    return (
        f"{remark} Заявка принята. Если аудит и корректирующие действия не закончатся до "
        f"{shown(case['held.expires_on'])}, действие сертификата прекратится."
    )


@guard(
    refuses=("STAGE1_REASON_MISSING", "COVERAGE_GAP", "RESULTS_LEFT_OUT", "SYSTEMS_LEFT_OUT"),
    requirements=("C-116", "C-145", "C-150"),
)
def planned(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a plan that forgets what the cycle has shown, or serious changes.

    Refuses: STAGE1_REASON_MISSING  serious changes without a reasoned decision on stage 1
             COVERAGE_GAP           what no audit of the cycle has seen is not planned
             RESULTS_LEFT_OUT       a surveillance of the cycle is not referenced
             SYSTEMS_LEFT_OUT       a management system of the certificate is not planned
    Source:  C L203 (C-116), L253, L257-259 (C-145, C-150)
    """
    serious = bool(case["renewal_application.changes"])
    refuse(case, stage_one_denied(serious=serious, reason=str(values.get("stage1_reason", ""))), field="stage1_reason")
    known = {row["audit"] for row in case["renewal.surveillance"]}
    if known - {row["audit"] for row in values.get("surveillance", [])}:
        raise Refused("RESULTS_LEFT_OUT", "Учтены не все контроли цикла.", field="surveillance")
    if set(standards(case)) - set(values["systems"]):
        raise Refused("SYSTEMS_LEFT_OUT", "Учтены не все системы сертификата.", field="systems")
    gaps = [str(row["element"]) for row in case["renewal.gaps"]]
    covered = {str(row["element"]) for row in values.get("coverage", []) if row.get("planned_on")}
    refuse(case, gaps_denied(gaps, covered), field="coverage")


@step(requirements=("C-006", "C-116", "C-145", "C-150"))
def plan(case: Case) -> Outcome:
    """Draw up the plan of the recertification with the agreed calculation, and enter it in the journal of cycles.

    Reads:   recertification_plan, recertification_approval, duration_approval (forms), renewal, sampling
    Writes:  the document; journal `cycle`  what the cycle left out and when it will be seen
    Source:  C L203 (C-116), L253, L257-259 (C-145, C-150)
    """
    values, sampling = case["recertification_plan"], case["sampling"]
    document = paper(
        case,
        "recertification_plan",
        "План ресертификации",
        {
            "Сертификат": case["held.text"],
            "Заявка": case["renewal_application.note"],
            "Результаты инспекционных контролей": [
                {"Контроль": row["audit"], "Когда": row["held_on"], "Результат": row["result"], "Учтено": row["use"]}
                for row in values.get("surveillance", [])
            ],
            "Вывод по результатам цикла": values["cycle_conclusion"],
            "Системы": values["systems"],
            "Площадки": [
                {"Площадка": row["site"], "Статус": SITE_STATUSES[row["status"]]} for row in sampling["statuses"]
            ],
            "Не проверено за цикл": [
                {"Элемент": row["element"], "Запланировано": shown(row["planned_on"])}
                for row in values.get("coverage", [])
                if row.get("planned_on")
            ],
            "Этап 1": f"{'Проводится' if values['stage1'] == 'yes' else 'Не проводится'}. {values['stage1_reason']}",
            "Время аудита, дней": str(case["duration_approval.total"]).replace(".", ","),
        },
        (f"{case.actor.name}, ответственный исполнитель", head_of_body(case)),
        own=HEAD,
    )
    number = case["held.number"]
    known = next((own(row) for row in case.register("journals/cycle", _key=number)), {})
    planned_on = [
        f"{row['element']}: {shown(row['planned_on'])}" for row in values.get("coverage", []) if row.get("planned_on")
    ]
    fields = {
        **known,
        "Держатель": case["held.holder"],
        "Дело ресертификации": case.number,
        "Не проверено за цикл": case["renewal.gaps_text"],
        "Проверят": planned_on,
    }
    return Outcome(documents=(document,), records=(Record(journal="cycle", key=number, fields=fields),))


@step(writes=("change.kind", "change.decided_on", "change.expires_on"), requirements=("C-146", "C-149"))
def grant(case: Case) -> Outcome:
    """Say what a positive decision does: renew the certificate, or restore it after its expiry.

    Reads:   decision (form and step), held
    Writes:  change  {"kind": "recertification" or "restoration", "decided_on", "expires_on"}
    Source:  C L254, L256 (C-146, C-149)
    """
    decided = case["decision.decided_on"]
    way = recertified(day(case["held.expires_on"]), day(decided))
    kind = "recertification" if way is Restoration.RENEW else "restoration"
    change = {"kind": kind, "decided_on": decided, "expires_on": case["decision.valid_until"]}
    return Outcome(data={"change": change})


@step(writes=("renewal_end.status", "renewal_end.at"), requirements=("C-147", "C-148"))
def expire(case: Case) -> Outcome:
    """End the certificate whose term is over while its recertification is not; nobody may prolong it.

    Reads:   held, renewal.window_until
    Writes:  renewal_end  {"status": "EXPIRED", "at"}; journal `certificates` EXPIRED; the letter with consequences
    Source:  C L255 (C-147, C-148)
    """
    end = {"status": "EXPIRED", "at": case.now.isoformat()}
    records = [works_row(case, "Срок сертификата истёк")]
    done = expired(
        case,
        case["held.number"],
        window_until=case["renewal.window_until"],
        email=case["application.email"],
    )
    if done is None:
        return Outcome(data={"renewal_end": end}, records=records)
    return replace(done, data={"renewal_end": end}, records=(*done.records, *records))


@step(writes=("renewal_end.status", "renewal_end.at"), requirements=("C-098", "C-144", "C-147"))
def stay(case: Case) -> Outcome:
    """Tell the holder, when there is no recertification after all, until when the certificate is valid and what then.

    A recertification that was given up long before the expiry is planned anew, so that nobody has to remember it.

    Reads:   held; term recert.reminder
    Writes:  renewal_end  {"status": "NOT_RENEWED", "at"}
    Source:  C L252-256 (C-143, C-144, C-147)
    """
    number, ends = case["held.number"], day(case["held.expires_on"])
    until = shown(case["renewal.window_until"])
    if case.today <= ends:
        body = (
            f"Ресертификации по сертификату {number} не будет. Он действует до {shown(ends)}, продлить его нельзя. "
            f"Новую заявку на ресертификацию или восстановление можно подать до {until}."
        )
    else:
        body = (
            f"Сертификат {number} не восстановлен: его срок истёк {shown(ends)}. Новую заявку на восстановление можно "
            f"подать до {until}, позже возможна только новая сертификация."
        )
    letter = to_applicant(case, "recertification_ended", f"Сертификат {number}: ресертификации не будет", body)
    again = reminder(case, number, str(case["held.issued_on"]), ends)
    return Outcome(
        data={"renewal_end": {"status": "NOT_RENEWED", "at": case.now.isoformat()}},
        letters=(letter,),
        records=(works_row(case, "Ресертификации не будет"),),
        plans=(again,) if again.opens_on > case.today else (),
    )


@step(writes=("renewal_end.status", "renewal_end.at"), requirements=("C-149",))
def close_window(case: Case) -> Outcome:
    """End the recertification six months after the expiry: only a new certification is left. Source: C L256 (C-149)."""
    body = (
        f"Шесть месяцев после {shown(case['held.expires_on'])} прошли, восстановить сертификат {case['held.number']} "
        "нельзя. Возможна новая сертификация по новой заявке и договору."
    )
    letter = to_applicant(case, "restoration_closed", "Восстановление сертификата невозможно", body)
    end = {"status": "NEW_PROCESS", "at": case.now.isoformat()}
    return Outcome(
        data={"renewal_end": end}, letters=(letter,), records=(works_row(case, "Только новая сертификация"),)
    )
