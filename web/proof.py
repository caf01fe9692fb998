"""The small form by which a person proves what was done outside: a day, words, perhaps a file."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from flask import request
from flask_babel import gettext
from flask_login import current_user

from storage.uploads import known_attachments
from web.language import local, said, zone
from web.services import services
from web.uploads import take

LONGEST = 300
_FILE = {"type": "object", "properties": {"file": {"type": "string", "format": "attachment"}}}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a person entered."""

    on: str = ""
    """ISO day."""
    words: str = ""
    file: str = ""
    """The id of an upload of this person."""
    problems: dict[str, str] = field(default_factory=dict)

    @property
    def moment(self) -> datetime:
        """The first moment of the day, in the zone of the installation."""
        return datetime.combine(date.fromisoformat(self.on), time.min, zone())


def blank() -> Proof:
    """Return the form before anything was entered: today."""
    return Proof(on=local(services().clock.now()).date().isoformat())


def posted(*, not_before: str) -> Proof:
    """Return what was posted, with what is wrong in it; the day may not lie before the instant `not_before`."""
    problems: dict[str, str] = {}
    fields, troubles = take(request.form, _FILE, case_id=None, task_id=None)
    if troubles:
        problems["file"] = said(troubles[0].template, troubles[0].facts)
    file = fields.get("file", "")
    if file:
        with services().database.reading() as connection:
            if file not in known_attachments(connection, [file], None, current_user.login):
                file, problems["file"] = "", gettext("Этого файла нет. Приложите его ещё раз.")
    on, words = request.form.get("on", "").strip(), request.form.get("words", "").strip()
    if not words:
        problems["words"] = gettext("Заполните это поле.")
    elif len(words) > LONGEST:
        problems["words"] = gettext("Не длиннее %(count)s знаков.", count=LONGEST)
    problems |= _problems_of_day(on, not_before)
    return Proof(on=on, words=words, file=file, problems=problems)


def _problems_of_day(on: str, not_before: str) -> dict[str, str]:
    try:
        day = date.fromisoformat(on)
    except ValueError:
        return {"on": gettext("Укажите день.")}
    if day > local(services().clock.now()).date():
        return {"on": gettext("Этот день ещё не наступил.")}
    if day < local(not_before).date():
        return {"on": gettext("Это раньше, чем подготовлено.")}
    return {}
