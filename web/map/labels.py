"""The words that the map's script shows, in the reader's language."""

from __future__ import annotations

from flask_babel import gettext as _


def labels() -> dict[str, str]:
    """Return label by key; `{count}` and `{role}` are filled in by the script."""
    return {
        "hint": _("Выберите элемент схемы, чтобы прочитать, что в нём делают, кто, в какой срок и на каком основании."),
        "standing": _("Где сейчас стоят дела"),
        "here": _("здесь"),
        "late": _("срок нарушен"),
        "broken": _("сбой"),
        "state_broken": _("Шаг не выполнен из-за сбоя и ждёт администратора."),
        "state_missed": _("Срок этого шага был нарушен."),
        "state_passed": _("Пройдено раз: {count}"),
        "state_not_yet": _("Дело сюда ещё не приходило."),
        "traces": _("Что здесь осталось в деле"),
        "open_called": _("Открыть схему"),
        "role": _("Кто"),
        "on_behalf": _("(за него может {role}, с пометкой)"),
        "form": _("Форма"),
        "deadline": _("Срок"),
        "handler": _("Что делает система"),
        "guard": _("Что проверяется при отправке"),
        "writes": _("Записывает в дело: "),
        "refuses": _("Может отказать: "),
        "excludes": _("Не допускаются"),
        "signs": _("Подписывает документы"),
        "joins": _("Исполнитель входит в группу"),
        "requirements": _("Какие требования выполняет"),
        "next": _("Что дальше"),
    }
