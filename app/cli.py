"""The command line: `reglament WORD`. A file of app/commands is a word or a family of words."""

from __future__ import annotations

import click

from app.commands import play


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Reglament исполняет процедуры органа по сертификации так, как они нарисованы."""


main.add_command(play.command)

if __name__ == "__main__":
    main()
