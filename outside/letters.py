"""Letters: what goes out, how it is written as a message, and the folder that takes what no mail server can.

Whoever delivers (`LetterFolder`, `outside.smtp.MailServer`) has the same shape: `deliver(letter)` returns the proof as
text, or raises LetterRefused (for good) or OSError (try again).
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Group
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from outside.addresses import emails

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f]")
_SEVEN_BITS = SMTP.clone(cte_type="7bit")  # not every server on the way takes eight


class LetterRefused(Exception):
    """The addressee's server will never take this letter; the message is the server's own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingLetter:
    """What goes out."""

    message_id: str
    """With angle brackets; the same for every attempt."""
    sender: str
    to: str
    subject: str
    body: str
    written_at: datetime
    enclosures: Sequence[tuple[str, bytes]] = ()
    """Names of files and PDFs."""


@dataclass(frozen=True, slots=True)
class LetterFolder:
    """The folder that takes the letters; `deliver` returns the proof: the file's name."""

    folder: Path

    def deliver(self, letter: OutgoingLetter) -> str:
        """Write the letter whole or not at all; raises OSError.

        The file is named by the Message-ID, so a second attempt after a crash writes the same file again.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        name = letter.message_id.strip("<>").replace("/", "_") + ".eml"
        unfinished = self.folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(written(letter).as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / name)
        return name


def written(letter: OutgoingLetter) -> EmailMessage:
    """Return the letter as a message; two attempts are the same byte for byte."""
    message = EmailMessage(policy=_SEVEN_BITS)
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = letter.sender
    # Line ends would end a header. A postal address is written as a group without members: it is no e-mail address.
    message["To"] = ", ".join(emails(letter.to)) or Group(" ".join(_UNSEEN.sub(" ", letter.to).split()) or "—")
    message["Subject"] = " ".join(_UNSEEN.sub(" ", letter.subject).split())
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.body)
    for name, content in letter.enclosures:
        message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
    if letter.enclosures:
        message.set_boundary(f"=={hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]}==")
    return message
