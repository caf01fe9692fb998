"""What the command line says of failures that are nobody's programming error: what happened, to what, what to do."""

from __future__ import annotations

import errno

from app.play.readable import BadSet
from app.sample import BadSample
from storage.database import Damaged, Full, Locked, Newer, ReadOnly, StorageError, Unreachable

_TOLD: tuple[tuple[type[StorageError], str], ...] = (
    (Locked, "База занята другим процессом ({error}). Дождитесь, пока он закончит, или остановите его, и повторите."),
    (ReadOnly, "В базу нельзя писать ({error}). Дайте программе права на файл базы и его папку."),
    (Full, "Там, где лежит база, не осталось места ({error}). Ничего не записано: освободите место и повторите."),
    (Damaged, "База повреждена или это не база Reglament ({error}). Верните копию: reglament db restore КОПИЯ."),
    (Unreachable, "База не открывается ({error}). Проверьте адрес в $DATABASE_URL, папку данных и права на неё."),
    (Newer, "База новее программы ({error}). Обновите программу: старая не тронет того, чего не знает."),
    (StorageError, "Не выполнено: {error}."),
)


def told(error: Exception) -> str | None:
    """Return the sentence for a failure, None for one that the program should not have had."""
    for kind, sentence in _TOLD:
        if isinstance(error, kind):
            return sentence.format(error=error)
    if isinstance(error, BadSet | BadSample):
        return f"{error}."
    # A closed pipe (`reglament … | head`) is no failure: click ends quietly on it.
    if isinstance(error, OSError) and error.errno != errno.EPIPE:
        return f"{error.filename or 'Файл'}: {error.strerror or error}. Проверьте путь, права и место на диске."
    return None
