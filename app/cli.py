"""The command line: `reglament WORD`. A file of app/commands is a word or a family of words."""

from __future__ import annotations

import click

from app.commands import bench, check, coverage, db, play, serve, user, verify


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Reglament исполняет процедуры органа по сертификации так, как они нарисованы."""


for word in (
    serve.serve,
    serve.work,
    check.command,
    play.command,
    coverage.command,
    bench.command,
    verify.command,
    db.group,
    user.group,
):
    main.add_command(word)

if __name__ == "__main__":
    main()
