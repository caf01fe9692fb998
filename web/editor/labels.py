"""The words that the editor's script shows, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _

from web.map.model import EVENT_KINDS, kind_name


def labels() -> dict[str, str]:
    """Return label by key; places in braces are filled in by the script."""
    return {**_kinds(), **_panel(), **_doing()}


def _kinds() -> dict[str, str]:
    tasks = ("userTask", "serviceTask", "callActivity", "subProcess")
    gateways = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
    named = {kind: kind_name(kind) for kind in (*tasks, *gateways, *EVENT_KINDS)}
    named |= {"lane": _("дорожка"), "participant": _("процесс"), "sequenceFlow": _("переход"), "task": _("задача")}
    return {f"bpmn:{kind[0].upper()}{kind[1:]}": name for kind, name in named.items()}


def _panel() -> dict[str, str]:
    return {
        "nothing_chosen": _("Выберите элемент, чтобы задать, кто его выполняет, по какой форме и в какой срок."),
        "id": _("Имя элемента (id)"),
        "id_hint": _("По нему элемент узнают идущие дела, сценарии и история. Меняйте только у нового элемента."),
        "id_wrong": _("Имя начинается с буквы и состоит из латинских букв, цифр и _; в схеме оно не повторяется."),
        "name": _("Название"),
        "documentation": _("Пояснение для исполнителя"),
        "documentation_hint": _("Что сделать, на что посмотреть, что будет потом."),
        "role": _("Роль дорожки"),
        "form": _("Форма"),
        "form_start": _("Форма, которой начинается дело"),
        "deadline": _("Срок"),
        "deadline_hint": _("Названия сроков заведены в profile.toml."),
        "requirements": _("Требования"),
        "search": _("Найти и добавить: имя или слова"),
        "remove": _("Убрать"),
        "excludes": _("Не допускать участников групп"),
        "joins": _("Исполнитель входит в группу"),
        "guard": _("Проверка при отправке"),
        "on_behalf": _("За исполнителя может роль"),
        "signs": _("Выполнение подписывает документы"),
        "signs_when": _("Подписывать, только если"),
        "signs_when_hint": _("Условие над полями формы: outcome == 'agree'. Пусто: подписывает всякое выполнение."),
        "handler": _("Обработчик"),
        "parameters": _("Параметры"),
        "parameters_hint": _("Текст в кавычках: 'refusal'. Числа, True и False без кавычек."),
        "called": _("Вызываемая схема"),
        "condition": _("Условие"),
        "condition_hint": _("Например: decision.outcome == 'refuse'. Имя: форма и поле через точку."),
        "is_default": _("Идти сюда, когда другие условия не выполнены"),
        "duration": _("Длительность (ISO 8601)"),
        "error_code": _("Код отказа"),
        "error_hint": _("Пусто: любой отказ обработчика."),
        "begins_too": _("Начать дело может и роль"),
        "message": _("Итог связанного дела: имя сообщения"),
        "message_hint": _("Его передаёт обработчик того дела; значения лягут в данные под этим именем."),
        "replaceable": _("Вместо назначенного может участник групп"),
        "collection": _("Для каждого из списка (имя данных)"),
        "item": _("Имя одного из списка"),
        "none": _("— нет —"),
        "unknown": _("такого в наборе нет"),
    }


def _doing() -> dict[str, str]:
    return {
        "saved": _("Черновик сохранён"),
        "unsaved": _("Есть несохранённые изменения"),
        "saving": _("Сохраняется…"),
        "save_failed": _("Не сохранено. Проверьте связь и повторите; рисунок остаётся на странице."),
        "checking": _("Проверяется…"),
        "to_publish": _("Опубликовать…"),
        "nearest": _("Похожи:"),
        "checked_well": _("Замечаний нет: схему можно публиковать."),
        "checked_errors": _("Ошибок: {errors}, предупреждений: {warnings}. С ошибками схему опубликовать нельзя."),
        "checked_warnings": _("Ошибок нет, предупреждений: {warnings}. Схему можно публиковать."),
        "check_failed": _("Проверка не выполнена. Повторите; если не поможет, сообщите администратору."),
        "playing": _("Сценарии проигрываются, это может занять минуту…"),
        "played": _("Сценариев пройдено: {passed}, не пройдено: {failed}"),
        "play_failed": _("Сценарии не проиграны. Повторите; если не поможет, сообщите администратору."),
        "expected": _("ожидалось"),
        "seen": _("получено"),
        "step": _("шаг"),
        "error": _("ошибка"),
        "warning": _("предупреждение"),
        "elsewhere": _("в других файлах"),
        "task_user": _("Добавить задачу человека"),
        "task_service": _("Добавить шаг системы"),
        "call": _("Добавить вызов схемы"),
        "open_failed": _("Схема не открывается: {why}"),
    }
