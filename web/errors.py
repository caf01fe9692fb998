"""The one table of HTTP codes, and the page that says what happened and what to do."""

from __future__ import annotations

import errno
import logging
from dataclasses import dataclass

from flask import Flask, Response, current_app, g, make_response, render_template, request, url_for
from flask_babel import gettext
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from engine import errors as engine_errors
from engine.messages import N_
from storage.database import Damaged, Full, Locked, ReadOnly, Unreachable
from web.language import said
from web.security import path_to_tell

log = logging.getLogger(__name__)

CODES: dict[type[Exception], int] = {
    engine_errors.NotFound: 404,
    engine_errors.Stale: 409,
    engine_errors.Taken: 409,
    engine_errors.NotReady: 409,
    engine_errors.NotYours: 403,
    engine_errors.MayNotStart: 403,
    engine_errors.MayNotAppoint: 403,
    engine_errors.Personal: 403,
    engine_errors.NotOfTheGroup: 422,
    engine_errors.ReasonMissing: 422,
    engine_errors.Excluded: 403,
    engine_errors.LinkClosed: 410,
    engine_errors.InvalidForm: 422,
    engine_errors.RuleRefused: 422,
    engine_errors.NotPrinted: 422,
    engine_errors.BadDiagram: 422,
    Locked: 503,
    Full: 507,
}
"""What the engine and the storage say, as HTTP says it."""

TITLES = {
    400: N_("Запрос не понят"),
    401: N_("Нужно войти"),
    403: N_("Это действие вам не открыто"),
    404: N_("Такой страницы нет"),
    405: N_("Так эту страницу не открывают"),
    409: N_("Дело уже продвинулось"),
    410: N_("Этого больше нет"),
    413: N_("Файл слишком велик"),
    415: N_("Файл такого вида не принимается"),
    422: N_("Нужно исправить"),
    429: N_("Слишком много попыток"),
    500: N_("Ошибка в программе"),
    503: N_("База данных занята"),
    507: N_("На диске не осталось места"),
}
CURES = {
    400: N_("Вернитесь на прошлую страницу и повторите. Если страница открыта давно, обновите её."),
    401: N_("Войдите и повторите."),
    403: N_("Посмотрите, чья это задача: она передаётся тому, у кого есть нужная роль."),
    404: N_("Проверьте адрес или найдите дело поиском. Дела, в которых вы не участвуете, здесь тоже не видны."),
    405: N_("Откройте раздел из меню наверху."),
    409: N_("Откройте дело, чтобы увидеть, что ждёт теперь. То, что вы ввели, можно вернуть кнопкой «Назад»."),
    410: N_("Попросите того, кто прислал вам адрес, прислать новый."),
    413: N_("Уменьшите файл или разделите его на части и загрузите снова."),
    415: N_("Приложите PDF, документ, таблицу, изображение или архив."),
    422: N_("Вернитесь к форме и исправьте отмеченное."),
    429: N_("Подождите несколько минут и попробуйте снова."),
    500: N_(
        "Ничего не потеряно: незавершённый шаг не записан. Повторите; если ошибка останется, сообщите администратору."
    ),
    503: N_("Ничего не потеряно. Повторите через несколько секунд."),
    507: N_("Шаг не записан. Сообщите администратору: нужно освободить место на сервере."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A database that does not answer at all, as its own page says it."""

    code: int
    title: str
    what: str
    cure: str


NOTHING_LOST = N_("Ничего из записанного ранее эта страница не меняла: незавершённый шаг не записан.")
FAILURES: dict[type[Exception], Failure] = {
    Damaged: Failure(
        code=500,
        title=N_("База данных повреждена"),
        what=NOTHING_LOST,
        cure=N_(
            "Не вводите ничего заново. Сообщите администратору: он остановит программу, вернёт последнюю копию словами "
            "«reglament db restore КОПИЯ» и проверит цепочку событий словами «reglament verify»."
        ),
    ),
    Unreachable: Failure(
        code=503,
        title=N_("База данных недоступна"),
        what=NOTHING_LOST,
        cure=N_(
            "Повторите через минуту. Если не помогло, сообщите администратору: базу не открыть, нужно проверить её "
            "адрес, папку данных и права на неё."
        ),
    ),
    ReadOnly: Failure(
        code=503,
        title=N_("В базу данных нельзя записать"),
        what=NOTHING_LOST,
        cure=N_(
            "Читать пока можно, записать нельзя: файл базы перемещён или закрыт для записи. Сообщите администратору; "
            "после исправления повторите шаг."
        ),
    ),
}
"""What is said when the database itself fails; the page asks it nothing."""


def prepare(app: Flask) -> None:
    """Show every failure as a page of ours."""
    app.register_error_handler(engine_errors.EngineError, show_engine_error)
    app.register_error_handler(Locked, show_storage_error)
    app.register_error_handler(Full, show_storage_error)
    for failed in FAILURES:
        app.register_error_handler(failed, show_storage_failure)
    app.register_error_handler(CSRFError, show_csrf_error)
    app.register_error_handler(HTTPException, show_http_error)
    app.register_error_handler(OSError, show_os_error)
    app.register_error_handler(Exception, show_unforeseen)


def code_of(error: Exception) -> int:
    """Return the HTTP code of an error; 500 for one that the table does not know."""
    return next((code for kind, code in CODES.items() if isinstance(error, kind)), 500)


def page(code: int, why: str = "") -> Response:
    """Return the page of an HTTP code; `why` is a sentence in the reader's language."""
    known = code if code in TITLES else 500 if code >= 500 else 400
    body = render_template(
        "errors/error.html", code=code, title=gettext(TITLES[known]), cure=gettext(CURES[known]), why=why
    )
    return make_response(body, code)


def show_engine_error(error: engine_errors.EngineError) -> Response:
    """Say what the engine refused, and why."""
    return page(code_of(error), said(error.template, error.facts))


def show_storage_error(error: Exception) -> Response:
    """Say that the database could not answer just now."""
    response = page(code_of(error))
    if response.status_code == 503:
        response.headers["Retry-After"] = "5"
    return response


def show_storage_failure(error: Exception) -> Response:
    """Say that the database has failed, with a page that does without it; also without the reader, who is in it."""
    failure = next(one for kind, one in FAILURES.items() if isinstance(error, kind))
    log.error("The database failed", exc_info=error, extra={"action": "storage_failed", "path": path_to_tell()})
    g._login_user = current_app.login_manager.anonymous_user()  # type: ignore[attr-defined]  # noqa: SLF001
    body = render_template(
        "errors/bare.html",
        code=failure.code,
        title=gettext(failure.title),
        what=gettext(failure.what),
        cure=gettext(failure.cure),
        here=request.full_path if request.method == "GET" else url_for("inbox.index"),
    )
    response = make_response(body, failure.code)
    if failure.code == 503:
        response.headers["Retry-After"] = "60"
    return response


def show_csrf_error(error: CSRFError) -> Response:
    """Say that the page was too old to be trusted; nothing was done."""
    log.warning("A form came without a valid token", extra={"action": "csrf_refused", "path": path_to_tell()})
    return page(400, gettext("Страница устарела или открыта с другого адреса, поэтому ничего не выполнено."))


def show_http_error(error: HTTPException) -> Response:
    """Show an error that Flask or a view raised by its HTTP code."""
    code = error.code or 500
    if error.response is not None or code < 400:
        return make_response(error.get_response())
    response = page(code)
    for name, value in error.get_headers(request.environ):
        if name.lower() in ("allow", "retry-after"):
            response.headers[name] = value
    return response


def show_os_error(error: OSError) -> Response:
    """A full disk has a page of its own, everything else is unforeseen."""
    return page(507) if error.errno in (errno.ENOSPC, errno.EDQUOT) else show_unforeseen(error)


def show_unforeseen(error: Exception) -> Response:
    """Log an error that nobody foresaw and say so, without its trace."""
    log.error("Unforeseen error", exc_info=error, extra={"action": "unforeseen", "path": path_to_tell()})
    return page(500)
