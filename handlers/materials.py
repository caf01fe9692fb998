"""Information asked of both parties of an appeal, its late parts, its delivery to the members.

Source: A 5.4, 5.6, 6.10.7, 6.10.8 (A-013, A-020, A-085, A-086).
"""

from __future__ import annotations

from engine.steps import Case, Outcome, Record, step
from handlers.client_file import day, name_of, shown, to_role
from handlers.commission import panel_of
from handlers.item import names, paper, to_people, to_sender
from rules.hearing import is_late_material


@step(writes=("information_request.sent_on", "information_request.due_on"), requirements=("A-085",))
def request(case: Case) -> Outcome:
    """Ask both parties for information, with the last day for it.

    Writes:  information_request.sent_on (today), due_on two weeks later
    Source:  A 6.10.7 (A-085): within three days of receipt
    """
    last = case.terms.due("materials", case.today).day
    in_time = case.today <= case.terms.due("request", day(case["registration.registered_on"])).day
    asked = {**case["information_request"], "sent_on": case.today.isoformat(), "due_on": last.isoformat()}
    subject = f"Сведения по апелляции {case.number}"
    until = f" Представьте сведения не позднее {shown(last)}."
    fields = {
        "Апелляция": case.number,
        "Отправлен": case.today.isoformat(),
        "Ответ до": last.isoformat(),
        "В срок": in_time,
    }
    return Outcome(
        data={"information_request": asked},
        letters=[
            *to_sender(case, "information_request", subject, f"{asked['to_appellant']}{until}", due=last),
            *to_role(case, "head", "information_request", subject, f"{asked['to_body']}{until}"),
        ],
        records=[Record(journal="information_requests", key=case.number, fields=fields)],
    )


@step(writes=("materials.rows", "materials.has_late"), requirements=("A-013", "A-085"))
def compile(case: Case) -> Outcome:  # noqa: A001 (the diagram's word)
    """Join the materials and flag what came after the two weeks; nothing is left out for being late.

    Writes:  materials.rows with `late`, materials.has_late
    Source:  A 5.4, 6.10.7 (A-013, A-085)
    """
    due = day(case["information_request.due_on"])
    rows = [{**row, "late": is_late_material(day(row["received_on"]), due)} for row in case["case_materials.materials"]]
    listed = [
        {"Документ": row["title"], "Получен": row["received_on"], "С опозданием": "да" if row["late"] else "нет"}
        for row in rows
    ]
    fields = {
        "Подготовил": name_of(case, case.actor.login),
        "Перечень": listed,
        "Справка": case["case_materials.summary"],
        "Конфиденциальность": "подтверждена подготовителем",
    }
    return Outcome(
        data={"materials": {"rows": rows, "has_late": any(row["late"] for row in rows)}},
        documents=[paper(case, "appeal_materials", "Материалы по апелляции", fields, confidential=True)],
    )


@step(writes=("materials_delivery.to", "materials_delivery.on"), requirements=("A-020", "A-086"))
def deliver(case: Case) -> Outcome:
    """Deliver the complaint and all materials to each member who has undertaken confidentiality.

    Writes:  materials_delivery.to, the logins; materials_delivery.on
    Source:  A 5.6, 6.10.8 (A-020, A-086)
    """
    sworn = {str(row["by"]) for row in case.get("confidentiality_statement", [])}
    to = [login for login in panel_of(case).people if login in sworn or login not in panel_of(case).members]
    titles = [str(row["title"]) for row in case["materials.rows"]]
    body = f"Материалы по апелляции {case.number}: {'; '.join(titles)}. Они конфиденциальны."
    records = [
        Record(
            journal="deliveries",
            key=f"{case.number}/{login}",
            fields={
                "Апелляция": case.number,
                "Кому": names(case, [login])[0],
                "Когда": case.today.isoformat(),
                "Что": titles,
            },
        )
        for login in to
    ]
    return Outcome(
        data={"materials_delivery": {"to": to, "on": case.today.isoformat()}},
        records=records,
        letters=to_people(case, to, "materials", f"Материалы {case.number}", body),
    )
