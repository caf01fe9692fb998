"""Events, journals and other machine names in words. A name without words is shown as it is, never hidden."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from engine.library import DiagramSet
from engine.messages import N_
from web.language import day, said
from web.navigation import process_name, role_name
from web.values import Words

EVENTS = {
    "CaseStarted": N_("Дело начато"),
    "CaseEnded": N_("Дело завершено"),
    "CaseClosed": N_("Дело закрыто из дела {by_case}: {reason}"),
    "CaseOpened": N_("Открыто дело {number}"),
    "MessageTold": N_("Итог передан делу {number}"),
    "MessageReceived": N_("Получен итог дела {number}: «{element}»"),
    "MessageUnclaimed": N_("Итог не понадобился, связь с делом {number}"),
    "TaskOpened": N_("Ждёт: «{element}»"),
    "TaskCompleted": N_("Выполнено: «{element}»"),
    "TaskClaimed": N_("Взято: «{element}»"),
    "TaskReleased": N_("Возвращено роли: «{element}»"),
    "TaskStoodIn": N_("Роль «{role}» замещает «{by}»: дело закрыто для всех, у кого она есть («{element}»)"),
    "TaskHandedOver": N_("Передано: «{element}» — {assignee}"),
    "TaskReplaced": N_("Назначен другой: «{element}» — {assignee} вместо {former}. Причина: {reason}"),
    "TaskCancelled": N_("Снято: «{element}»"),
    "TaskRefused": N_("Отказано в действии «{element}»: {why}"),
    "StepRefused": N_("Правило не пропустило «{element}»: {why}"),
    "StepDone": N_("Сделано системой: «{element}»"),
    "TimerFired": N_("Наступил срок: «{element}»"),
    "DeadlineMissed": N_("Срок пропущен: «{element}»"),
    "DeadlineReminded": N_("Напомнили о сроке: «{element}»"),
    "DeadlineMet": N_("Срок соблюдён: «{element}»"),
    "DeadlineSet": N_("Назначен срок: «{element}»"),
    "ParticipantJoined": N_("Вошёл(а) в группу «{group}»: {login}"),
    "ParticipantsReplaced": N_("Состав группы «{group}» заменён"),
    "DocumentIssued": N_("Оформлен документ: {title} {number}"),
    "DocumentPrinted": N_("Напечатан документ: {title} {number}"),
    "DocumentSigned": N_("Подписан документ: {title} {number}"),
    "LetterQueued": N_("Подготовлено письмо: {subject}"),
    "LetterSent": N_("Письмо отправлено: {subject}"),
    "LetterFailed": N_("Письмо не отправлено: {subject}"),
    "LetterPrinted": N_("Письмо подготовлено к отправке человеком: {subject}"),
    "LetterRefused": N_("Почта адресата отказала в письме «{subject}»: {why}"),
    "LetterReaddressed": N_("Письмо «{subject}» направлено на другой адрес: {to}"),
    "ExchangePackaged": N_("Подготовлен пакет для ИС: {title}"),
    "ExchangeConfirmed": N_("Внесено в ИС: {title}, запись {receipt}"),
    "ExchangeOverdue": N_("Не подтверждено внесение в ИС: {title}"),
    "RecordWritten": N_("Запись в журнале «{journal}»: {key}"),
    "IncidentOpened": N_("Сбой: «{element}»"),
    "IncidentRaised": N_("Сбой: «{element}»"),
    "IncidentResolved": N_("Сбой разобран, шаг повторён: «{element}»"),
    "StepPostponed": N_("Шаг будет повторён позже: «{element}»"),
    "LinkCreated": N_("Дана личная ссылка: {name}"),
    "LinkUsed": N_("Открыта личная ссылка: {name}"),
    "LinkRevoked": N_("Отозвана личная ссылка: {name}"),
    "ConfidentialRead": N_("Прочитано конфиденциальное: {what}"),
    "CasePlanned": N_("Запланировано дело «{process}», откроется {opens_at}"),
    "PlanCancelled": N_("Снято с плана: {key}"),
    "Migrated": N_("Дело переведено на новые схемы"),
    "Published": N_("Опубликованы схемы"),
}

COMPLETED = {
    "link": N_("По личной ссылке: «{element}»"),
    "scan": N_("Внесено за другого ({role}), скан приложен: «{element}»"),
    "on_behalf": N_("Внесено за другого ({role}): «{element}»"),
}
"""How somebody else than its performer, or somebody without an account, completed a task."""

OTHER_CASES = frozenset({"CaseOpened", "MessageTold", "MessageReceived", "MessageUnclaimed"})
"""Events whose `number` names another case."""

REFUSED = frozenset(
    {
        "TaskRefused",
        "StepRefused",
        "DeadlineMissed",
        "IncidentOpened",
        "IncidentRaised",
        "LetterFailed",
        "LetterRefused",
        "ExchangeOverdue",
    }
)

JOURNALS = {
    "certificates": N_("Реестр сертификатов"),
    "certificate_numbers": N_("Отведённые номера сертификатов"),
    "works": N_("Журнал работ"),
    "appeals": N_("Журнал обращений, жалоб и апелляций"),
    "complaints": N_("Журнал жалоб"),
    "applications": N_("Журнал заявок"),
    "submissions": N_("Журнал обращений"),
    "incoming": N_("Журнал входящих обращений"),
    "corrective_actions": N_("Журнал корректирующих действий"),
    "reception_book": N_("Книга учёта личного приёма"),
    "comments_book": N_("Книга замечаний и предложений"),
    "state_correspondence": N_("Переписка с государственными органами"),
    "control": N_("Контроль исполнения"),
    "control_forms": N_("Журнал регистрационно-контрольных форм"),
    "governance_warnings": N_("Предупреждения о процедурах"),
    "procedure_versions": N_("Действие процедур"),
    "escalations": N_("Доведено до руководства"),
    "breaches": N_("Нарушения сроков"),
    "handovers": N_("Передача материалов"),
    "outgoing": N_("Исходящая корреспонденция"),
    "extensions": N_("Продления сроков"),
    "improvements": N_("Журнал улучшений"),
    "commissions": N_("Комиссии"),
    "hearing_notices": N_("Уведомления о рассмотрении апелляций"),
    "composition_views": N_("Мнения сторон о составе"),
    "information_requests": N_("Запросы сведений"),
    "deliveries": N_("Вручения"),
    "receipts": N_("Подтверждения получения"),
    "annual_reports": N_("Годовые отчёты"),
    "register": N_("Реестр"),
    "late_notices": N_("Извещения с опозданием"),
    "certified_clients": N_("Сертифицированные организации"),
    "preliminary_assessments": N_("Предварительные оценки"),
    "contracts": N_("Журнал договоров"),
    "surveillance_contracts": N_("Договоры на инспекционный контроль"),
    "cycle": N_("Циклы сертификатов"),
    "surveillances": N_("Инспекционные контроли"),
    "schedules": N_("Графики инспекционного контроля"),
    "coverage": N_("Проверено инспекционным контролем"),
    "protocols": N_("Протоколы несоответствий"),
    "triggers": N_("Основания внепланового контроля"),
    "team_requests": N_("Замечания к составу группы"),
    "reissues": N_("Переоформления сертификатов"),
    "status_questions": N_("Вопросы о статусе сертификатов"),
    "obligations": N_("Обязательства держателей"),
    "files": N_("Дела держателей"),
    "refusals": N_("Отказы от инспекционного контроля"),
}


class _Facts(dict[str, Any]):
    """Facts of an event; one that is missing shows as an ellipsis."""

    def __missing__(self, key: str) -> str:
        return "…"


def event_words(row: Mapping[str, Any], diagrams: DiagramSet, names: Mapping[str, str], group: Any) -> str:
    """Return an event as a sentence in the reader's language.

    `names` gives people by login; `group` is a function from a case group to its name.
    """
    template = _template(row)
    if template is None:
        return str(row["type"])
    facts = _Facts({key: value for key, value in row["data"].items() if isinstance(value, str | int | float)})
    facts["element"] = element_name(diagrams, row["element"]) if row["element"] else "…"
    facts["role"] = role_name(str(facts.get("on_behalf_of") or facts.get("role") or ""), diagrams)
    if facts.get("code") == "invalid":
        facts["why"] = _fields_named(str(facts["why"]), diagrams, row["element"])
    if row["type"] == "PlanCancelled":
        facts["key"] = _planned(str(facts["key"]), diagrams)
    if "opens_at" in facts:
        facts |= {"opens_at": day(facts["opens_at"]), "process": process_name(facts["process"], diagrams)}
    for key in ("login", "assignee", "former"):
        if key in facts:
            facts[key] = names.get(facts[key], facts[key])
    if "group" in facts:
        facts["group"] = group(facts["group"])
    if row["type"] == "TaskStoodIn":
        facts["by"] = role_name(facts["by"], diagrams)
    if "journal" in facts:
        facts["journal"] = journal_name(facts["journal"])
    return said(template).format_map(facts)


def _template(row: Mapping[str, Any]) -> str | None:
    how = ""
    if row["type"] == "TaskCompleted" and row["data"].get("via"):
        how = str(row["data"]["via"])
    elif row["type"] == "TaskCompleted" and row["data"].get("on_behalf_of"):
        how = "scan" if row["data"].get("scans") else "on_behalf"
    return COMPLETED.get(how) or EVENTS.get(row["type"])


_PATH = re.compile(r"(?P<before>^|; )(?P<path>[a-z]\w*(?:\.\w+)*): ")


def _fields_named(why: str, diagrams: DiagramSet, element: str) -> str:
    """Return what is wrong with a form, its fields by their titles."""
    nodes = (node for process in diagrams.processes.values() for node in process.nodes if node.id == element)
    stem = next((node.properties.get("formJsonSchemaFilename", "") for node in nodes), "").removesuffix(".json")
    words = Words(diagrams, {})

    def titled(found: re.Match[str]) -> str:
        names = [name for name in found["path"].split(".") if not name.isdigit()]
        return f"{found['before']}«{words.label('.'.join((stem, *names)))}»: "

    return _PATH.sub(titled, why)


def _planned(key: str, diagrams: DiagramSet) -> str:
    """Return what was planned under a key such as `certificate/СМ.2025.0007/2025-03-10/surveillance_2`."""
    parts = key.split("/")
    title = Words(diagrams, {}).column(parts[-1])
    return f"{title}, {parts[1]}" if len(parts) > 2 else key


def element_name(diagrams: DiagramSet, element: str) -> str:
    """Return the name of an element in the reader's language, its id where the diagrams have none."""
    names: dict[str, str] = diagrams.__dict__.setdefault("_element_names", {})
    if not names:
        names.update({node.id: node.name for process in diagrams.processes.values() for node in process.nodes})
    return said(names.get(element) or element)


def journal_name(journal: str) -> str:
    """Return the name of a journal in the reader's language."""
    return said(JOURNALS[journal]) if journal in JOURNALS else journal
