"""The command line: `reglament WORD`. A file of app/commands is a word or a family of words, loaded when it is said."""

from __future__ import annotations

import gettext
import importlib
import io
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

WORDS: Mapping[str, str] = {
    "serve": "app.commands.serve:serve",
    "work": "app.commands.serve:work",
    "check": "app.commands.check:command",
    "play": "app.commands.play:command",
    "coverage": "app.commands.coverage:command",
    "verify": "app.commands.verify:command",
    "bench": "app.commands.bench:command",
    "db": "app.commands.db:group",
    "user": "app.commands.user:group",
}
TRANSLATIONS = Path(__file__).parent / "translations"


class Words(click.Group):
    """The words, in the order in which a newcomer meets them; failures end as a sentence, not as a trace."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return all words."""
        return list(WORDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load a word."""
        if cmd_name not in WORDS:
            return None
        module, _, name = WORDS[cmd_name].partition(":")
        found: click.Command = getattr(importlib.import_module(module), name)
        return found

    def invoke(self, ctx: click.Context) -> Any:
        """Do what the word says; a failure that has a sentence is told as that sentence, with exit code 1."""
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except Exception as error:
            from app.faults import told  # the rooms are loaded only once there is something to tell

            sentence = told(error)
            if sentence is None:
                raise
            raise click.ClickException(sentence) from error

    def main(self, *args: Any, **extra: Any) -> Any:
        """Run the command line, in Russian whatever the machine speaks."""
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, io.TextIOWrapper):
                # Names of files may hold bytes that are no text; JSON reads \udcff back as it was.
                stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        with _in_russian():
            return super().main(*args, **extra)


@contextmanager
def _in_russian() -> Iterator[None]:
    """Let click find our catalogue: it asks gettext for the default domain in the language of the environment."""
    gettext.bindtextdomain("messages", str(TRANSLATIONS))
    before = os.environ.get("LANGUAGE")
    os.environ["LANGUAGE"] = "ru"
    try:
        yield
    finally:
        if before is None:
            del os.environ["LANGUAGE"]
        else:
            os.environ["LANGUAGE"] = before


@click.group(cls=Words, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--data", metavar="DIR", help="Папка данных для любого слова; то же, что --data после него.")
def main(data: str | None) -> None:
    """Reglament исполняет процедуры органа по сертификации так, как они нарисованы."""


if __name__ == "__main__":
    main()
