"""Names and codes of results in words: as the forms of the set name them, else as they are listed here, else as is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.library import DiagramSet
from engine.messages import N_
from web.forms.schema import Schema
from web.language import said
from web.navigation import duration
from web.words import STATUSES

_LENGTH = re.compile(r"P\d+[YMWD]")

LABELS = {
    "about_head": N_("О руководителе органа"),
    "act_signers": N_("Подписывают акт"),
    "admissibility": N_("Допустимость"),
    "admission": N_("Приём апелляции"),
    "appeal_until": N_("Апелляция до"),
    "appellant": N_("Заявитель"),
    "appellant_view": N_("Мнение заявителя"),
    "applied": N_("Выборка применена"),
    "approved_on": N_("Утверждено"),
    "at": N_("Когда"),
    "audit_time": N_("Время аудита"),
    "ballot": N_("Голоса"),
    "band": N_("Строка таблицы"),
    "base": N_("По таблицам, дней"),
    "body": N_("Орган"),
    "body_view": N_("Мнение органа"),
    "calculation_sheet": N_("Лист расчёта"),
    "can_reply": N_("Есть куда ответить"),
    "checklist_authors": N_("Составляют чек-лист"),
    "collective": N_("Коллективное"),
    "commission": N_("Комиссия"),
    "commission_signers": N_("Подписывают от комиссии"),
    "complaint_report_signature": N_("Подписи под отчётом"),
    "composition": N_("Состав комиссии"),
    "concerns": N_("Замечаний к этапу 2"),
    "concluded_on": N_("Заключение дано"),
    "conclusion": N_("Вывод"),
    "control": N_("Контроль исполнения"),
    "count": N_("Площадок в выборке"),
    "counted": N_("Идёт в счёт предела"),
    "court_until": N_("Суд до"),
    "date": N_("Дата"),
    "days": N_("Дней"),
    "decided_on": N_("Решено"),
    "decider": N_("Кто решил"),
    "differ": N_("Прочтения расходятся"),
    "dismissed": N_("За отклонение"),
    "due": N_("Последний день"),
    "due_on": N_("Последний день"),
    "earlier_case": N_("Прежнее дело"),
    "earliest_session": N_("Заседание не раньше"),
    "edition": N_("Издание таблиц"),
    "entries": N_("Записи"),
    "escalation_default": N_("Ответ на повторения"),
    "escalations": N_("Повторяется"),
    "eve": N_("Канун окончания"),
    "fieldwork_questions": N_("Вопросы чек-листа"),
    "flag": N_("Отметка"),
    "gaps_text": N_("Чего не хватает"),
    "gathered": N_("Собранные наблюдения"),
    "grading": N_("Градация"),
    "grouped": N_("Повышено до значительных"),
    "has_late": N_("Есть запоздавшие"),
    "improvements": N_("Улучшения"),
    "intake": N_("Проверка при приёме"),
    "integration_percent": N_("Снижение за интеграцию, %"),
    "invited_on": N_("Приглашены"),
    "is_leader": N_("Руководитель группы"),
    "issued_on": N_("Выдан"),
    "item": N_("Обращение"),
    "items": N_("Строки"),
    "justified": N_("Обоснована"),
    "last_day": N_("Последний день"),
    "late": N_("С опозданием"),
    "marks": N_("Отметки"),
    "meeting": N_("Совещание"),
    "members": N_("Члены комиссии"),
    "minimum": N_("Наименьшее, дней"),
    "missing": N_("Не хватает"),
    "missing_text": N_("Не хватает"),
    "months": N_("По месяцам"),
    "needs_leader": N_("Нужно решение руководителя группы"),
    "new_codes": N_("Новые коды"),
    "notice_due": N_("Вручить до"),
    "notice_due_working": N_("Вручить до (рабочие дни)"),
    "noticed_on": N_("Замечено"),
    "notifications": N_("Уведомлений"),
    "number": N_("Номер"),
    "numbers": N_("Номера"),
    "objection": N_("Есть возражение"),
    "objections_until": N_("Возражения до"),
    "observers": N_("Наблюдатели"),
    "on_time": N_("В срок"),
    "onsite": N_("На площадках не меньше, дней"),
    "open": N_("Требуют действий"),
    "open_numbers": N_("Не закрыты"),
    "outcome": N_("Итог"),
    "panel": N_("Комиссия"),
    "partly_upheld": N_("За частичное удовлетворение"),
    "parts": N_("Что дополнить"),
    "percent": N_("Поправки, %"),
    "personnel_note": N_("Персонал"),
    "plan": N_("План сроков"),
    "plan_sheet": N_("Лист плана"),
    "plan_signers": N_("Подписывают план"),
    "planned_on": N_("Намечено"),
    "planning_complete": N_("Сведений для планирования достаточно"),
    "positions": N_("Позиции"),
    "procedure_edition": N_("Редакция порядка"),
    "procedure_expired": N_("Срок порядка истёк"),
    "process": N_("Процесс"),
    "programme_proposal": N_("Предложение программы"),
    "proposed": N_("Предлагается"),
    "proposed_category": N_("Предлагаемая категория"),
    "proposed_conclusion": N_("Предлагаемый вывод"),
    "proposed_status": N_("Предлагаемое решение"),
    "reading": N_("Прочтение"),
    "readings": N_("Прочтения"),
    "reason": N_("Почему"),
    "reasons": N_("Причины"),
    "received_on": N_("Получено"),
    "recertification": N_("Ресертификация, дней"),
    "refuse_at_once": N_("Отказ сразу"),
    "register": N_("Журнал"),
    "registered_by": N_("Кто зарегистрировал"),
    "registered_on": N_("Зарегистрировано"),
    "repeat": N_("Повторное"),
    "result": N_("Итог"),
    "rows": N_("Строки"),
    "sampling": N_("Выборка"),
    "scope_note": N_("Область"),
    "selected": N_("Проверяются"),
    "sent_on": N_("Отправлено"),
    "significant": N_("Значительных"),
    "since": N_("С какого дня"),
    "site": N_("Площадка"),
    "sites": N_("Площадки"),
    "stage1": N_("Этап 1, дней"),
    "stage2": N_("Этап 2, дней"),
    "stage_one_result": N_("Итог этапа 1"),
    "state": N_("Состояние"),
    "status": N_("Статус"),
    "statuses": N_("Статусы площадок"),
    "summary": N_("Словами"),
    "surveillance": N_("Контроль, дней"),
    "surveillance_1": N_("Первый контроль"),
    "surveillance_text": N_("Итоги контроля"),
    "system": N_("Система"),
    "systems": N_("По системам"),
    "systems_text": N_("Системы"),
    "table": N_("Таблица"),
    "table_days": N_("По таблице, дней"),
    "team_hold": N_("Отвод участника"),
    "team_members": N_("Состав группы"),
    "team_sheet": N_("Лист группы"),
    "text": N_("Словами"),
    "tie": N_("Голоса поровну"),
    "tied": N_("Голоса поровну"),
    "to": N_("Кому"),
    "total": N_("Всего"),
    "type": N_("Вид"),
    "unassigned": N_("Ни на кого не отнесено"),
    "upheld": N_("За удовлетворение"),
    "valid_until": N_("Действует до"),
    "verified_on": N_("Проверено"),
    "views_asked": N_("Запрошены мнения"),
    "voters": N_("Голосуют"),
    "waived": N_("Стороны не возражают против срока"),
    "warning": N_("Предупреждение"),
    "warnings": N_("Предупреждения"),
    "window": N_("Срок подачи"),
    "window_until": N_("Восстановить можно до"),
    "years": N_("По годам"),
}
CODES = {
    "ACCEPTED": N_("принять"),
    "ADMITTED": N_("в срок"),
    "APPEALS_JOURNAL": N_("Журнал апелляций"),
    "AUDITED": N_("проверяется"),
    "COMMENTS_BOOK": N_("Книга замечаний и предложений"),
    "COMPLETE": N_("полное"),
    "CONFORMING": N_("соответствует"),
    "CONFORMING_SUBJECT_TO_CA": N_("соответствует при выполнении корректирующих действий"),
    "DISMISSED": N_("отклонена"),
    "LATE": N_("пропущен"),
    "NOT_CONFORMING": N_("не соответствует"),
    "PARTLY_UPHELD": N_("удовлетворена частично"),
    "LEFT_WITHOUT_CONSIDERATION": N_("оставлено без рассмотрения"),
    "OUT_OF_COMPETENCE": N_("вне компетенции"),
    "RECEPTION_BOOK": N_("Книга учёта личного приёма"),
    "REGISTERED": N_("зарегистрирована"),
    "SAMPLED_IN": N_("в выборке"),
    "SAMPLED_OUT_WITH_REASON": N_("не выбрана, с причиной"),
    "STATE_CORRESPONDENCE": N_("Переписка с государственными органами"),
    "UNDER_CONSIDERATION": N_("рассматривается"),
    "UPHELD": N_("удовлетворена"),
    "ems": N_("экологический менеджмент"),
    "ohsms": N_("охрана труда"),
    "qms": N_("менеджмент качества"),
    "qms_initial": N_("таблица первичного аудита, менеджмент качества"),
    "ems_initial": N_("таблица первичного аудита, экологический менеджмент"),
    "ohsms_initial": N_("таблица первичного аудита, охрана труда"),
    "none": N_("нет"),
    "three_level_literal": N_("три степени буквально"),
    "two_level": N_("две степени"),
}
READINGS = {
    "appeal.grounds=any_contested_decision": N_("любое оспариваемое решение"),
    "appeal.grounds=three_printed_grounds": N_("только три названных предмета"),
    "cert.expiry=day_before": N_("накануне годовщины"),
    "cert.expiry=same_day": N_("в день годовщины"),
    "complaint.body_extension=once_up_to_P1M": N_("один раз, всего до месяца"),
    "composition.silence=agreement": N_("согласие"),
    "composition.silence=objection": N_("возражение"),
    "costs.partly_upheld=none_charged": N_("никто не возмещает"),
    "costs.partly_upheld=shared": N_("поровну"),
    "major.policy=hold_then_decide": N_("сначала месяц на исправление"),
    "major.policy=immediate_refusal": N_("отказ сразу"),
    "nc.count_scope=case_total": N_("по делу в целом"),
    "nc.count_scope=per_standard": N_("по каждому стандарту"),
    "nc.escalation=automatic": N_("само собой"),
    "nc.escalation=propose_and_decide": N_("предложить, решает руководитель группы"),
    "nc.taxonomy=three_level_literal": N_("три степени буквально"),
    "nc.taxonomy=two_level": N_("две степени"),
    "recert.expiry_basis=decision": N_("от решения"),
    "recert.expiry_basis=prior_cycle": N_("от прежнего цикла"),
    "refusal.notice_days=calendar": N_("календарные"),
    "refusal.notice_days=earlier_of_both": N_("что наступит раньше"),
    "refusal.notice_days=working": N_("рабочие"),
    "restore.number=keep": N_("прежний"),
    "restore.number=new": N_("новый"),
    "retention=certificate_validity": N_("срок действия сертификата"),
    "retention=cycle_plus_one": N_("цикл и ещё один"),
}
"""Values of readings, by `reading=value`."""


class Words:
    """Says results in the reader's language; `names` gives people by login."""

    def __init__(self, diagrams: DiagramSet, names: Mapping[str, str]) -> None:
        self._names = names
        self._titles: dict[str, str] = {}
        self._leaves: dict[str, str] = {}
        self._codes: dict[tuple[str, str], str] = {}
        for form in diagrams.forms.values():
            self._learn(form.stem, form.schema)
            for path, schema in _fields(form.schema, form.stem):
                self._learn(path, schema)

    def _learn(self, path: str, schema: Schema) -> None:
        leaf = path.rpartition(".")[2]
        if "title" in schema:
            self._titles.setdefault(path, str(schema["title"]))
            if leaf != path:
                self._leaves.setdefault(leaf, str(schema["title"]))
        for choice in (*schema.get("oneOf", ()), *schema.get("items", {}).get("oneOf", ())):
            self._codes.setdefault((leaf, str(choice.get("const"))), str(choice.get("title", "")))

    def label(self, path: str) -> str:
        """Return what stands at a path (`audit_time.total`) in words."""
        leaf = path.rpartition(".")[2]
        return said(self._titles.get(path) or LABELS.get(leaf) or self._leaves.get(leaf)) or leaf

    def reading(self, name: str, value: Any) -> Any:
        """Return the value of a reading in words, as it is where it has none."""
        found = READINGS.get(f"{name}={value}")
        return said(found) if found else self.told(value, "reading")

    def told(self, value: Any, path: str) -> Any:
        """Return a value with labels for names and words for codes, lists and groups included."""
        if isinstance(value, Mapping):
            return {self.label(f"{path}.{name}"): self.told(inner, f"{path}.{name}") for name, inner in value.items()}
        if isinstance(value, list):
            if any(isinstance(one, Mapping) for one in value):
                return self._rows([one for one in value if isinstance(one, Mapping)], path)
            return [self.told(one, path) for one in value] if value else "—"
        if not isinstance(value, str):
            return value
        if _LENGTH.fullmatch(value):
            return duration(value)
        leaf = path.rpartition(".")[2].removeprefix("proposed_")
        found = self._codes.get((leaf, value)) or CODES.get(value) or STATUSES.get(value)
        return said(found) if found else self._names.get(value, value) or "—"

    def _rows(self, rows: list[Mapping[str, Any]], path: str) -> list[dict[str, Any]]:
        """Rows of a table have the same columns, also where a row says nothing in one of them."""
        columns = list(dict.fromkeys(name for row in rows for name in row))
        return [
            {self.label(f"{path}.{name}"): self.told(row.get(name, ""), f"{path}.{name}") for name in columns}
            for row in rows
        ]


def _fields(schema: Schema, path: str) -> Iterator[tuple[str, Schema]]:
    for name, prop in schema.get("properties", {}).items():
        yield f"{path}.{name}", prop
        yield from _fields(prop, f"{path}.{name}")
        if isinstance(prop.get("items"), Mapping):
            yield from _fields(prop["items"], f"{path}.{name}")
