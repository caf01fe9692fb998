"""Recertification: the holder is invited, applies, the audit is planned from the cycle's results, the term may end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from engine.steps import Case, Letter, Outcome, Record, Refused, guard, step
from handlers.client_file import (
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
from handlers.held import current, own
from handlers.holder import numbers_of
from handlers.sampling import plan_of, told
from rules.certificates import Restoration, late_application, recertified
from rules.durations import shift_months
from rules.programme import not_covered
from rules.renewal import gaps_denied, stage_one_denied
from rules.sampling import Visit
from rules.verdict import NotPossible

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

    Reads:   held; recertification.surveillance, journals `surveillances` and `coverage`; the case that opened this one
    Writes:  renewal  the eve of the expiry and the end of the restoration window, results of the cycle's
             surveillance, what none of its audits has seen
    Source:  C L252 (C-143), L257, L259 (C-150), L203 (C-116); the cycle that opens this case has written already
    """
    ends = day(case["held.expires_on"])
    seen = _surveillance(case)
    gaps = list(not_covered((*ELEMENTS, *_sites(case)), [row["seen"] for row in seen]))
    results = [{"audit": row["audit"], "held_on": row["held_on"], "result": row["result"]} for row in seen]
    renewal = {
        "eve": (ends - timedelta(days=1)).isoformat(),
        "latest": shift_months(ends, -2).isoformat(),
        "window_until": case.terms.due("restore.window", ends).day.isoformat(),
        "surveillance": results,
        "surveillance_text": "\n".join(f"{row['audit']}, {row['held_on']}: {row['result']}" for row in results)
        or "В журналах органа инспекционных контролей этого цикла нет.",
        "gaps": [{"element": gap} for gap in gaps],
        "gaps_text": ", ".join(gaps) or "За цикл проверены все элементы и площадки.",
        "systems_text": f"Системы: {', '.join(standards(case))}. Площадки: {', '.join(_sites(case))}.",
    }
    letters = () if case.parent and "certified" in case.parent else (_invitation(case, renewal["latest"]),)
    return Outcome(data={"renewal": renewal}, letters=letters)


def _invitation(case: Case, latest: Any) -> Letter:
    body = (
        f"Сертификат {case['held.number']} действует до {shown(case['held.expires_on'])}. Заявку на ресертификацию "
        f"подайте в ИС не позднее {shown(latest)}; бланк заявки и лист оценки приложены."
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


@guard(refuses=("REJECTED_SIGNATURE",), requirements=("C-144",))
def applied(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an application whose signature is not the holder's; a late one is let in. Source: C L253 (C-144)."""
    if values["outcome"] != "apply":
        return
    if values["signature"] != "valid" or values.get("signer_bin") != case["held.bin"]:
        raise Refused(
            "REJECTED_SIGNATURE",
            "Подпись заявки отсутствует, недействительна или принадлежит другому БИН.",
            field="signature",
        )


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
    refuses=("STAGE1_REASON_MISSING", "COVERAGE_GAP", "RESULTS_LEFT_OUT", "SYSTEMS_LEFT_OUT", "SITES_INVALID"),
    requirements=("C-116", "C-145", "C-150"),
)
def planned(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a plan that forgets what the cycle has shown, or serious changes.

    Refuses: STAGE1_REASON_MISSING  serious changes without a reasoned decision on stage 1
             COVERAGE_GAP           what no audit of the cycle has seen is not planned
             RESULTS_LEFT_OUT       a surveillance of the cycle is not referenced
             SYSTEMS_LEFT_OUT       a management system of the certificate is not planned
             SITES_INVALID          a preferred name is no site
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
    try:
        plan_of(case, Visit.RECERTIFICATION, values)
    except NotPossible as error:
        refuse(case, error.why, field="preferred")


@step(
    writes=("sampling.applied", "sampling.selected", "sampling.statuses", "sampling.reason", "sampling.count"),
    requirements=("C-116", "C-145", "C-150"),
)
def plan(case: Case) -> Outcome:
    """Choose the sites of the recertification and draw up its plan.

    Reads:   recertification_plan, recertification_approval (forms), renewal
    Writes:  sampling  as the initial audit has it, with IAF MD 1's count for recertification; document
    Source:  C L203 (C-116), L253, L257-259 (C-145, C-150); IAF MD 1
    """
    values = case["recertification_plan"]
    sampling = told(plan_of(case, Visit.RECERTIFICATION, values), values.get("excluded_reason"))
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
            "Время аудита, дней": str(values["days"]),
        },
        (f"{case.actor.name}, ответственный исполнитель", head_of_body(case)),
    )
    return Outcome(data={"sampling": sampling}, documents=(document,))


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
    row = current(case, case["held.number"])
    records = []
    if row is not None and row["Статус"] in ("VALID", "SUSPENDED"):
        fields = {**own(row), "Статус": "EXPIRED", "Прекращён": case.today.isoformat()}
        records.append(Record(journal="certificates", key=str(row["_key"]), fields=fields))
    body = (
        f"Срок действия сертификата {case['held.number']} истёк {shown(case['held.expires_on'])}, ресертификация не "
        "закончена. Продлить его нельзя. С этого дня не ссылайтесь на сертификат и не применяйте знак. До "
        f"{shown(case['renewal.window_until'])} сертификат можно восстановить, если ресертификация закончится "
        "положительным решением; позже возможна только новая сертификация."
    )
    letter = to_applicant(case, "certificate_expired", f"Сертификат {case['held.number']}: срок истёк", body)
    return Outcome(
        data={"renewal_end": end}, records=(*records, works_row(case, "Срок сертификата истёк")), letters=(letter,)
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
