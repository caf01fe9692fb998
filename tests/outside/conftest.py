"""An installation with one case, and a mail server on loopback that misbehaves as it is told."""

from __future__ import annotations

import asyncio
import email
import email.policy
import socket
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, Session
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from app.config import Config
from app.wiring import Services, build
from engine.clock import MovedClock
from storage import outbox, schema
from storage.database import Database
from storage.reading import papers
from storage.reading.rows import Row
from storage.steps import insert_case, insert_rows

BEGIN = datetime(2026, 1, 12, 5, 0, tzinfo=UTC)
AT = "2026-01-12T05:00:00.000000+00:00"


@dataclass
class Mailbox:
    """What a mail server took, and what it says to the next letters."""

    taken: list[EmailMessage] = field(default_factory=list)
    recipients: list[list[str]] = field(default_factory=list)
    answers: list[str] = field(default_factory=list)
    """Used up from the front: a reply, or `break` for taking the letter and dying before saying so."""
    to_recipient: str = "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self.to_recipient.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.to_recipient

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.pop(0) if self.answers else "250 Queued as 4711"
        if answer.startswith(("250", "break")):
            content = envelope.content
            assert isinstance(content, bytes)
            self.taken.append(email.message_from_bytes(content, policy=email.policy.default))
            self.recipients.append(list(envelope.rcpt_tos))
        if answer == "break":
            server.transport.abort()
            await asyncio.sleep(0)
        return answer


class Loopback(Controller):
    """A server that waits for nobody at its start."""

    def _trigger_server(self) -> None:
        with socket.create_connection((self.hostname, self.port), 5) as knock:
            knock.recv(100)


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture
def mail_server(mailbox: Mailbox) -> Iterator[str]:
    yield from serve(mailbox)


def serve(mailbox: Mailbox, **settings: Any) -> Iterator[str]:
    """Run a mail server; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Loopback(mailbox, hostname="127.0.0.1", port=port, **settings)
    server.start()
    yield f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def unknown_server(mailbox: Mailbox, tmp_path: Path) -> Iterator[str]:
    """A server that offers encryption with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1, BEGIN, BEGIN.replace(year=2046))
        .sign(key, hashes.SHA256())
        .public_bytes(Encoding.PEM)
    )
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path = tmp_path / "server.pem"
    path.write_bytes(certificate + private)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    yield from serve(mailbox, tls_context=context)


@pytest.fixture
def locked_server(mailbox: Mailbox) -> Iterator[str]:
    """A server that takes letters from `post` with the password `secret` alone."""

    def check(server: SMTP, session: Session, envelope: Envelope, mechanism: str, given: Any) -> AuthResult:
        # `handled` says that the answer has been sent, and then nobody would send it: the client would wait in vain.
        return AuthResult(success=(given.login, given.password) == (b"post", b"secret"), handled=False)

    yield from serve(mailbox, authenticator=check, auth_require_tls=False, auth_required=True)


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock(BEGIN)


@pytest.fixture
def install(tmp_path: Path, clock: MovedClock) -> Iterator[Callable[..., Services]]:
    """Build an installation with one case; settings as given."""
    built: list[Services] = []

    def make(**settings: Any) -> Services:
        database = Database(f"sqlite:///{tmp_path}/post.db", synchronous="OFF")
        schema.create(database)
        config = Config(data=tmp_path, database_url=database.url, mail_from="post@body.example", **settings)
        services = build(config, clock=clock, database=database, handlers={})
        built.append(services)
        return services

    yield make
    for services in built:
        services.close()


@pytest.fixture
def queue() -> Callable[..., int]:
    """Put a letter into the outbox of an installation; returns its id."""

    def put(services: Services, to: str = "info@baiterek.example", **more: Any) -> int:
        with services.database.writing() as connection:
            set_hash = _set(connection)
            count = len(outbox.waiting(connection, "9"))
            case = {"number": f"С-{count}", "process": "p", "set_hash": set_hash, "profile": "P", "status": "open"}
            case_id = insert_case(connection, {**case, "version": 1, "started_at": AT, "started_by": "clerk"})
            row = {
                "case_id": case_id,
                "kind": "notice",
                "addressee": to,
                "subject": "Решение по заявке",
                "body": "Заявка принята.\n.\nСледующий шаг — договор.\n",
                "message_id": f"<{case_id}-abc@reglament>",
                "due_on": None,
                "created_at": AT,
                "next_try_at": AT,
                "attempts": 0,
                **more,
            }
            insert_rows(connection, "letter", [row])
            return case_id

    return put


def _set(connection: Any) -> str:
    connection.exec_driver_sql("INSERT OR IGNORE INTO diagram_set (hash, created_at) VALUES ('s', '2026')")
    return "s"


@pytest.fixture
def letter() -> Callable[[Services, int], Row]:
    def read(services: Services, letter_id: int) -> Row:
        with services.database.reading() as connection:
            found = papers.letter_one(connection, letter_id)
        assert found is not None
        return found

    return read
