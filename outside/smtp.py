"""Letters by a mail server (SMTP): handed over at once, with the server's own words as proof.

A server that took the letter and died before it said so is asked again later; the second letter bears the same
Message-ID, by which the addressee's mail program knows it for the same one.
"""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from email.utils import parseaddr
from urllib.parse import unquote, urlsplit

from outside.addresses import emails
from outside.letters import LetterRefused, OutgoingLetter, written

SECONDS = 30
"""How long the server may be silent."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"smtp": 587, "smtps": 465}


class TemporaryTrouble(OSError):
    """The server did not take the letter now; the message is its own."""


class BadAddress(ValueError):
    """The address of the mail server cannot be read: use smtp://user:password@host:port or smtps://."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """A mail server; `deliver` returns the proof: which server answered what."""

    host: str
    port: int
    is_encrypted: bool = False
    """Whether the connection is encrypted from its first byte (smtps)."""
    user: str = ""
    password: str = ""
    seconds: float = SECONDS

    @classmethod
    def at(cls, url: str) -> MailServer:
        """Read `smtp://user:password@host:port` or `smtps://…`; raises BadAddress, without the password in its text.

        >>> server = MailServer.at("smtps://post%40body.example:s%3Acret@mail.example")
        >>> server.port, server.user, server.password, server.is_encrypted
        (465, 'post@body.example', 's:cret', True)
        """
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            raise BadAddress(BadAddress.__doc__) from None
        if parts.scheme not in PORTS or not parts.hostname:
            raise BadAddress(BadAddress.__doc__)
        return cls(
            host=parts.hostname,
            port=port or PORTS[parts.scheme],
            is_encrypted=parts.scheme == "smtps",
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
        )

    def deliver(self, letter: OutgoingLetter) -> str:
        """Hand the letter over to the server; raises LetterRefused if it says never, OSError if it says not now."""
        to = emails(letter.to)
        if not to:
            raise LetterRefused(f"No e-mail address in {letter.to!r}.")
        try:
            server = self._connected()
            try:
                code, reply = _hand_over(server, letter, to)
            finally:
                _part(server)
        except smtplib.SMTPDataError as error:
            _demand((error.smtp_code, _bytes(error.smtp_error)), is_about_letter=True)
            raise TemporaryTrouble(_words(error)) from error
        except smtplib.SMTPException as error:
            # Greeting, sign-in, a connection that broke: the fault is not the letter's.
            raise TemporaryTrouble(_words(error)) from error
        except UnicodeError as error:
            raise LetterRefused(str(error)) from error
        return f"{self.host}: {code} {reply}"

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self.is_encrypted:
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        try:
            server.ehlo_or_helo_if_needed()
            if not self.is_encrypted and server.has_extn("starttls"):
                server.starttls(context=context)
                server.ehlo()
            if self.user:
                self._sign_in(server)
        except BaseException:
            server.close()
            raise
        return server

    def _sign_in(self, server: smtplib.SMTP) -> None:
        is_encrypted = isinstance(server.sock, ssl.SSLSocket)
        if not is_encrypted and self.host not in LOOPBACK:
            raise TemporaryTrouble("The server offers no encryption, so the password is not sent. Use smtps://.")
        server.login(self.user, self.password)


def _hand_over(server: smtplib.SMTP, letter: OutgoingLetter, to: Sequence[str]) -> tuple[int, str]:
    """Take the letter through MAIL, RCPT and DATA; all addressees or none."""
    _, sender = parseaddr(letter.sender)
    _demand(server.mail(sender), is_about_letter=False)
    for address in to:
        _demand(server.rcpt(address), is_about_letter=True)
    answer = server.data(written(letter).as_bytes())
    _demand(answer, is_about_letter=True)
    return answer[0], _text(answer[1])


def _part(server: smtplib.SMTP) -> None:
    # What was taken is taken: whatever the server says to QUIT, or does not say, changes nothing.
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _demand(answer: tuple[int, bytes], *, is_about_letter: bool) -> None:
    code, reply = answer
    if code < 300:
        return
    words = f"{code} {_text(reply)}"
    if code >= 500 and is_about_letter:
        raise LetterRefused(words)
    raise TemporaryTrouble(words)


def _words(error: smtplib.SMTPException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_text(error.smtp_error)}"
    return str(error) or type(error).__name__


def _bytes(reply: bytes | str) -> bytes:
    return reply if isinstance(reply, bytes) else reply.encode()


def _text(reply: bytes | str) -> str:
    text = reply.decode("utf-8", "replace") if isinstance(reply, bytes) else reply
    return " ".join(text.split())[:500]
