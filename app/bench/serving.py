"""The measured server: a process of its own that runs what `reglament serve` runs, over an installation of ours."""

from __future__ import annotations

import logging
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.bench import model
from app.data_folder import ROOT

HOST = "127.0.0.1"
PATIENCE_SECONDS = 30.0


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, int]]:
    """Run the server of an installation; gives its port and the process's id."""
    command = [sys.executable, "-m", "app.bench.serving", str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  # ourselves
        try:
            said = process.stdout.readline() if process.stdout else ""
            if not said.strip().isdigit():
                raise RuntimeError("The measured server did not start; its own words are above.")
            yield int(said), process.pid
        finally:
            process.terminate()
            process.wait(PATIENCE_SECONDS)


def main() -> None:
    """Serve the folder named on the command line, on a free port that is printed first."""
    from app.commands.serve import listen  # the parent needs none of it

    logging.basicConfig(level=logging.WARNING)
    listen(model.services(Path(sys.argv[1])), HOST, 0, lambda port: print(port, flush=True))


if __name__ == "__main__":
    main()
