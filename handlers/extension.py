"""Extension of a scope: what is added and whether it is of a new kind, the audit or control, the decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from engine.steps import Case, NewCase, Outcome, Participant, Refused, guard, step
from handlers.application import not_accredited
from handlers.client_file import DECIDER, day, paper, refuse, shown, standards, to_applicant, works_row
from handlers.corrective_actions import open_numbers
from handlers.decider import refuse_involved
from handlers.held import REFUSALS, current, demand_held
from handlers.refused import REFUSED, refused
from handlers.renewal import FINISHED
from handlers.sampling import plan_of, told
from handlers.signatures import demand_signatures
from rules.competence import Need, personnel_denied
from rules.decision import CaseFile, grant_denied
from rules.findings import Conclusion
from rules.one_valid import added_codes, services
from rules.sampling import Visit
from rules.scope import scope_denied

KINDS = {"new_kind": "услуга нового вида", "same_kind": "услуга того же вида"}


@guard(refuses=(*REFUSALS, "JUSTIFICATION_MISSING", "NEW_SCOPE_MISSING", "REJECTED_SIGNATURE"), requirements=("C-151",))
def requested(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse an application without a reason, without anything new, or without the holder's signature.

    Refuses: JUSTIFICATION_MISSING, NEW_SCOPE_MISSING, REJECTED_SIGNATURE and what `held.demand_held` refuses
    Source:  C L263 (C-151)
    """
    demand_held(case, values)
    if not str(values.get("justification", "")).strip():
        raise Refused("JUSTIFICATION_MISSING", "Обоснуйте, зачем расширяется область.", field="justification")
    row = current(case, values["certificate"])
    old = services(str(row["Область"] if row else values["facts"]["scope"]))
    new = services("; ".join(str(each["service"]) for each in values.get("added", [])))
    if not new - old:
        raise Refused("NEW_SCOPE_MISSING", "Назовите услуги, которых в области сертификата нет.", field="added")
    holder = row["БИН"] if row else values["facts"]["bin"]
    if values["signature"] != "valid" or values.get("signer_bin") != holder:
        raise Refused(
            "REJECTED_SIGNATURE",
            "Подпись заявки отсутствует, недействительна или принадлежит другому БИН.",
            field="signature",
        )


@step(
    writes=("extension_check.new_codes", "extension_check.proposed", "extension_check.text", "extension_check.scope"),
    requirements=("C-151", "C-152", "C-153"),
)
def open_work(case: Case) -> Outcome:
    """Register the application at once, and say whether what is added is of a new kind.

    Reads:   extension (start form), held
    Writes:  extension_check  codes that the certificate does not have, the kind that follows, the scope desired
    Source:  C L263-266 (C-151 to C-153)
    """
    added = case["extension.added"]
    new_codes = list(added_codes(case["held.codes"], [str(row["code"]) for row in added]))
    proposed = "new_kind" if new_codes else "same_kind"
    names = "; ".join(str(row["service"]) for row in added)
    text = f"Добавляется: {names}. По кодам IAF это {KINDS[proposed]}. Обоснование: {case['extension.justification']}"
    body = (
        f"Заявка {case['extension.is_number']} на расширение сертификата {case['held.number']} зарегистрирована и "
        f"рассматривается. Добавить к области: {names}. О решении мы напишем вам."
    )
    check = {"new_codes": new_codes, "proposed": proposed, "text": text, "scope": f"{case['held.scope']}; {names}"}
    return Outcome(
        data={"extension_check": check},
        letters=(to_applicant(case, "extension_registered", "Заявка на расширение зарегистрирована", body),),
        records=(works_row(case, "Заявка на расширение зарегистрирована", Сертификат=case["held.number"]),),
    )


@guard(refuses=("KIND_CONTRADICTS", "OUT_OF_SCOPE", "NO_COMPETENT_PERSONNEL"), requirements=("C-152", "C-153", "C-014"))
def classified(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse to call a service of a new code one of the same kind, and what the body may not or cannot certify.

    Source:  C L28-31 (C-014, C-015), L264-266 (C-152, C-153)
    """
    if values["kind"] == "refuse":
        return
    if values["kind"] == "same_kind" and case["extension_check.new_codes"]:
        raise Refused(
            "KIND_CONTRADICTS",
            "Кодов {codes} в сертификате нет: это услуга нового вида, нужен аудит.",
            field="kind",
            codes=", ".join(case["extension_check.new_codes"]),
        )
    codes = _codes(case)
    refuse(case, scope_denied(case.registers("accreditation_scope"), standards(case), codes, case.today), field="kind")
    need = Need(standards=tuple(standards(case)), codes=tuple(codes))
    refuse(case, personnel_denied(case.registers("competence"), need, case.today), field="kind")


def _codes(case: Case) -> list[str]:
    return [*dict.fromkeys([*case["application.codes"], *(str(row["code"]) for row in case["extension.added"])])]


@step(
    writes=(
        "application.scope",
        "application.codes",
        "application.sites",
        "sampling.applied",
        "sampling.selected",
        "sampling.statuses",
        "sampling.reason",
        "sampling.count",
    ),
    requirements=("C-152", "C-153"),
)
def widen(case: Case) -> Outcome:
    """Let the work go on about the wider scope: its services, codes and sites; choose the sites of the audit.

    Reads:   extension, extension_check
    Writes:  application.scope, codes, sites as desired; sampling  of the sites, with the new ones in it
    Source:  C L264-266 (C-152, C-153)
    """
    new_sites: Sequence[Mapping[str, Any]] = case.get("extension.new_sites", [])
    application = {
        **case["application"],
        "scope": case["extension_check.scope"],
        "codes": _codes(case),
        "sites": [*case["application.sites"], *new_sites],
    }
    wider = replace(case, data={**case.data, "application": application})
    preferred = {"preferred": [{"site": row["name"]} for row in new_sites]}
    return Outcome(data={"application": application, "sampling": told(plan_of(wider, Visit.INITIAL, preferred))})


@step(requirements=("C-153",))
def open_control(case: Case) -> Outcome:
    """Open the unplanned control whose programme contains the added scope. Source: C L266 (C-153)."""
    values, held, application = case["extension"], case["held"], case["application"]
    data = {
        "certificate": held["number"],
        "holder": held["holder"],
        "email": application["email"],
        "trigger": "same_kind_extension",
        "source": f"Заявка {values['is_number']} на расширение, дело {case.number}",
        "received_on": values["registered_on"],
        "facts": case["extension_check.text"],
        "added_scope": "; ".join(str(row["service"]) for row in values["added"]),
        "valid_until": held["expires_on"],
        "bin": held["bin"],
        **{
            name: application[name]
            for name in ("account", "standards", "codes", "scope", "sites", "integration")
            if application.get(name)
        },
    }
    return Outcome(
        cases=(NewCase(process="unplanned_control", data=data),),
        records=(works_row(case, "Назначен внеплановый контроль", Сертификат=held["number"]),),
    )


@guard(refuses=("CONTROL_UNKNOWN", "CONTROL_NOT_FINISHED", "CONTROL_CONTRADICTS"), requirements=("C-153", "C-154"))
def controlled(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse results that the journal of surveillance does not bear out.

    Refuses: CONTROL_UNKNOWN       no control of this certificate has that case
             CONTROL_NOT_FINISHED  nobody has decided on it yet
             CONTROL_CONTRADICTS   said to be positive, though the certificate was not confirmed
    Source:  C L266-267 (C-153, C-154)
    """
    number = values["control_case"]
    rows = case.register("journals/surveillances", Дело=number, Сертификат=case["held.number"])
    if not rows:
        raise Refused("CONTROL_UNKNOWN", "Контроля {number} нет в журнале.", field="control_case", number=number)
    if rows[-1]["Статус"] not in FINISHED:
        raise Refused(
            "CONTROL_NOT_FINISHED", "По контролю {number} ещё не решено.", field="control_case", number=number
        )
    if values["outcome"] == "positive" and rows[-1]["Статус"] != "CONFIRMED":
        raise Refused(
            "CONTROL_CONTRADICTS", "Контроль {number} не подтвердил сертификат.", field="outcome", number=number
        )


@step(requirements=("C-093", "C-154"))
def take_control(case: Case) -> Outcome:
    """Let those who did the control join the group that may not decide. Source: C L174, L267 (C-093, C-154)."""
    people = [str(row["person"]) for row in case["extension_control.team"]]
    return Outcome(
        participants=tuple(Participant(group="audit_team", login=each) for each in people), replaces=("audit_team",)
    )


@guard(
    refuses=(
        "UNSIGNED_DOCUMENT",
        "NOT_INDEPENDENT",
        "NOT_CONFORMING",
        "NOT_VERIFIED",
        "CERTIFICATE_NOT_VALID",
        "OUT_OF_SCOPE",
    ),
    requirements=("C-001", "C-093", "C-154", "C-155"),
)
def decidable(case: Case, values: Mapping[str, Any]) -> None:
    """Refuse a decision of somebody who took part, or an extension that the results do not carry.

    Refuses: NOT_CONFORMING, NOT_VERIFIED  the control was negative, or nonconformities are open
             CERTIFICATE_NOT_VALID         the certificate has ended or is suspended meanwhile
             OUT_OF_SCOPE                  the body is not accredited for it today
    Source:  C L174 (C-093), L264-267 (C-152 to C-155)
    """
    demand_signatures(case)
    refuse_involved(case, kept_out="first_decider")
    if values["outcome"] != "extend":
        return
    row = current(case, case["held.number"])
    if row is None or row["Статус"] != "VALID" or case.today > day(row["Действует до"]):
        raise Refused("CERTIFICATE_NOT_VALID", "Сертификат не действует: расширять нечего.", field="outcome")
    refuse(case, not_accredited(case), field="outcome")
    if case["extension_kind.kind"] == "new_kind":
        file = CaseFile(conclusion=Conclusion(case["act.conclusion"]), open_numbers=open_numbers(case))
        refuse(case, grant_denied(file), field="outcome")
    elif case["extension_control.outcome"] != "positive":
        raise Refused("NOT_CONFORMING", "Внеплановый контроль отрицательный: расширить нельзя.", field="outcome")


@step(
    writes=(
        "change.kind",
        "change.decided_on",
        "change.expires_on",
        "decision_register.result",
        "decision_register.decider",
        "decision_register.status",
        *REFUSED,
    ),
    requirements=("C-152", "C-154", "C-155"),
)
def decide(case: Case) -> Outcome:
    """Draw up the extension decision (Appendix 24) and say what the certificate keeps.

    Reads:   extension_decision, extension_kind (forms), held
    Writes:  change  {"kind", "decided_on", "expires_on": that of the held certificate}; decision_register; document
             extension_decision; letter of a grant; refused, of a refusal; journal of works
    Source:  C L264-267 (C-152, C-154, C-155)
    """
    values = case["extension_decision"]
    kind = str(case["extension_kind.kind"])
    is_granted = values["outcome"] == "extend"
    result = "Расширить область сертификации" if is_granted else "Отказать в расширении"
    document = paper(
        case,
        "extension_decision",
        f"Решение (Приложение 24): {result.lower()}",
        {
            "Сертификат": case["held.text"],
            "Решение": result,
            "Дата": shown(case.today),
            "Вид": KINDS[kind],
            "Новая область": case["extension_check.scope"],
            "Срок действия": f"прежний, до {shown(case['held.expires_on'])}",
            "Основание": values["reasons"],
            "Назначен приказом": f"{case['decider_order.number']} от {shown(case['decider_order.dated'])}",
            "Загрузка в ИС": values["is_receipt"],
        },
        (f"{case.actor.name}, эксперт-аудитор",),
        own=DECIDER,
    )
    letters = (
        to_applicant(
            case,
            "extension_decision",
            result,
            f"Принято решение: {result.lower()}. Основание: {values['reasons']}",
            encloses=("extension_decision",),
        ),
    )
    row = works_row(case, result, **{"Решение по результатам": result, "Принял решение": case.actor.name})
    change = {"kind": f"extension_{kind}", "decided_on": case.today.isoformat(), "expires_on": case["held.expires_on"]}
    register = {"result": result, "decider": case.actor.name, "status": "GRANTED" if is_granted else "APPEALABLE"}
    again = "Прежний сертификат действует. О расширении можно просить снова, когда причины устранены."
    no = refused(case, "в расширении области сертификации", [values["reasons"]], again)
    return Outcome(
        data={"decision_register": register} | ({"change": change} if is_granted else no),
        documents=(document,),
        letters=letters if is_granted else (),  # a refusal has a notice of its own
        records=(row,),
    )


@step(requirements=("C-151",))
def refuse_work(case: Case) -> Outcome:
    """Tell the holder why the extension cannot be done here. Source: C L28-31, L263 (C-014, C-151)."""
    reason = case["extension_kind.reason"]
    body = f"В расширении области сертификата {case['held.number']} отказано: {reason} Прежний сертификат действует."
    letter = to_applicant(case, "extension_refused", "Расширение области: отказ", body)
    return Outcome(letters=(letter,), records=(works_row(case, "В расширении отказано"),))
