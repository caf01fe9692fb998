"""Letters as files: each becomes an `.eml` in a folder, from which people or a mail program send it.

The file is named by the Message-ID, so a second attempt after a crash writes the same file again.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path


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


@dataclass(frozen=True, slots=True)
class LetterFolder:
    """The folder that takes the letters; `deliver` returns the proof: the file's name."""

    folder: Path

    def deliver(self, letter: OutgoingLetter) -> str:
        """Write the letter whole or not at all; raises OSError."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = letter.message_id.strip("<>").replace("/", "_") + ".eml"
        unfinished = self.folder / f".{name}.part"
        with unfinished.open("wb") as file:
            file.write(_message(letter).as_bytes())
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(self.folder / name)
        return name


def _message(letter: OutgoingLetter) -> EmailMessage:
    message = EmailMessage()
    message["Message-ID"] = letter.message_id
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = letter.sender
    # An addressee is a name with a postal address as often as an e-mail address; line ends would end the header.
    message["To"] = " ".join(letter.to.split())
    message["Subject"] = " ".join(letter.subject.split())
    message.set_content(letter.body)
    return message
