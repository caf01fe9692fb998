"""Signing a document, the papers that prove the signatures, and the page on which every hash is computed anew."""

from __future__ import annotations

import io
from typing import Any

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import RuleRefused
from engine.messages import N_
from storage import signatures
from storage.reading import papers
from web.language import said
from web.papers import document_page, readable
from web.passwords import passwords_of
from web.security import limiter
from web.services import services
from web.visitor import person

room = Blueprint("signatures", __name__, url_prefix="/documents")

LARGEST_KEY = 64 * 1024  # bytes
COMPARED = {
    "content": N_("Содержание документа"),
    "issued": N_("Запись об оформлении в истории"),
    "pdf": N_("Напечатанный PDF"),
    "printed": N_("Запись о печати в истории"),
    "signature": N_("Запись о подписи в истории"),
    "key": N_("Электронная подпись в файле"),
}
NOTES = {
    "trusted": N_("сертификат ведёт к доверенному центру"),
    "root unknown": N_("доверие к центру, выдавшему сертификат, здесь не настроено"),
}


def _tries() -> str:
    return services().config.sign_in_limit


def _signer() -> str:
    return f"sign {current_user.get_id()}"


def _has_failed(response: Response) -> bool:
    return response.status_code == 422


@room.post("/<int:document_id>/sign")
@limiter.limit(_tries, key_func=_signer, deduct_when=_has_failed)
def sign(document_id: int) -> AnyResponse:
    """Sign a document: the password is asked again, a key of one's own is used where one is given."""
    row, case = readable(document_id)
    password = request.form.get("password", "")
    if not passwords_of(services().config.argon2).matches(password, current_user.password_hash):
        problems = {"password": _("Это не ваш пароль. Подпись не поставлена.")}
        return make_response(document_page(row, case, problems), 422)
    try:
        services().desk.sign(document_id, person(), _key(), request.form.get("passphrase", ""))
    except RuleRefused as refused:
        if refused.field is None:
            raise
        return make_response(document_page(row, case, {refused.field: said(refused.template, refused.facts)}), 422)
    flash(_("Документ подписан."), "good")
    return redirect(url_for("papers.document", document_id=document_id) + "#signatures", 303)


def _key() -> bytes | None:
    """Return the file of a key as it came, None without one; it goes no further than the act."""
    handed_in = request.files.get("key")
    content = handed_in.read(LARGEST_KEY + 1) if handed_in and handed_in.filename else None
    return content if handed_in and handed_in.filename else None


@room.get("/<int:document_id>/signatures.pdf")
def sheet(document_id: int) -> Response:
    """Give the list of a document's signatures as PDF."""
    row, _case = readable(document_id)
    return _pdf(services().press.sheet(document_id), f"{row['number']}-signatures")


@room.get("/<int:document_id>/signed.pdf")
def signed(document_id: int) -> Response:
    """Give the PDF with the electronic signatures in it; 404 while no key has signed."""
    row, _case = readable(document_id)
    with services().database.reading() as connection:
        last = signatures.latest_signed(connection, document_id)
        content = papers.content(connection, last) if last else None
    if content is None:
        raise NotFound
    return _pdf(content, f"{row['number']}-signed")


@room.get("/<int:document_id>/verify")
def verify(document_id: int) -> str:
    """Compute every hash of a document anew and show what agrees with what was noted."""
    row, case = readable(document_id)
    found: list[Any] = list(services().evidence.of(document_id))
    return render_template(
        "documents/verify.html",
        document=row,
        case=case,
        findings=found,
        holds=all(one.holds for one in found),
        compared=COMPARED,
        notes=NOTES,
    )


def _pdf(content: bytes, name: str) -> Response:
    return send_file(
        io.BytesIO(content),
        mimetype="application/pdf",
        as_attachment=True,
        download_name=f"{name.replace('/', '-')}.pdf",
    )
