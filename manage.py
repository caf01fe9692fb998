#!/usr/bin/env python3
"""One command to run Reglament and one to test it, on a machine that has Python and nothing of ours.

    python3 manage.py run [OPTIONS OF reglament serve]
    python3 manage.py test [ARGUMENTS OF pytest]
    python3 manage.py WORD ...          the same as: reglament WORD ...

Makes `.venv`, installs the project there, and installs again only when what is installed has changed. All that the
set-up says goes to standard error. The standard library is enough, and any Python since 3.6 can read this file, if only
to be told that it is too old.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if os.name == "nt" else "bin")
STAMP = VENV / "installed.stamp"
BUNDLE = ROOT / "web" / "static" / "dist"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: "list[str]") -> int:
    """Set up, then do what the first word says; returns the exit code."""
    if sys.version_info < OLDEST:
        have = "{}.{}".format(*sys.version_info)
        return _fail(f"Reglament needs Python 3.11 or newer, this is {have}. Install it and call it by name.")
    word, rest = (arguments[0], arguments[1:]) if arguments else ("--help", [])
    problem = set_up(with_tests=word == "test")
    if problem:
        return _fail(problem)
    if word != "test":
        _become([program("reglament"), "serve" if word == "run" else word, *rest])
    return test(rest)


def program(name: str) -> str:
    """Path of a program in the project's environment."""
    return str(PROGRAMS / (name + ".exe" if os.name == "nt" else name))


# Set-up -------------------------------------------------------------------------------------------------------------


def set_up(*, with_tests: bool) -> str:
    """Make the environment what the sources ask for; returns the problem as one line, or nothing."""
    wanted = [_digest(), str(ROOT), "test" if with_tests else "run"]
    found = _stamp()
    is_there = PROGRAMS.is_dir() and BUNDLE.is_dir()
    if is_there and found[:2] == wanted[:2] and found[2] in (wanted[2], "test"):
        return ""
    if found[1] not in ("", str(ROOT)):
        shutil.rmtree(VENV)  # its programs name the folder in which it was made
    if not _works(PROGRAMS / "python"):
        problem = _make_venv()
        if problem:
            return problem
    # Tests stay installed once they are: `run` after `test` must not change what the tests saw.
    wanted[2] = "test" if "test" in (wanted[2], found[2]) else "run"
    return _install(wanted)


def _make_venv() -> str:
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        return "This Python cannot make an environment with pip. On Debian or Ubuntu: apt-get install python3-venv"
    _tell(f"Making {VENV}")
    if subprocess.call([sys.executable, "-m", "venv", "--clear", str(VENV)], stdout=sys.stderr):
        return f"Making {VENV} failed. On Debian or Ubuntu: apt-get install python3-venv"
    return ""


def _install(wanted: "list[str]") -> str:
    _tell("Installing Reglament (only now and after a change of what is installed)")
    if STAMP.exists():
        STAMP.unlink()
    what = ".[test]" if wanted[2] == "test" else "."
    pip = [program("python"), "-m", "pip", "--quiet", "--disable-pip-version-check", "--no-input"]
    command = [*pip, "install", "--constraint", "requirements.lock", "--editable", what]
    if subprocess.call(command, cwd=str(ROOT), stdout=sys.stderr):
        return "Installing failed: pip says why above. It needs the Python package index and the npm registry."
    STAMP.write_text("\n".join(wanted), encoding="utf-8")
    return ""


def _digest() -> str:
    """Hash of everything that decides what is installed and what the build makes."""
    files = [ROOT / name for name in ("pyproject.toml", "requirements.lock", "hatch_build.py")]
    files += sorted(path for path in (ROOT / "web" / "frontend").glob("*") if path.is_file())
    files += sorted(ROOT.glob("*/translations/*/LC_MESSAGES/*.po"))
    total = hashlib.sha256(sys.version.encode())
    for path in files:
        total.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return total.hexdigest()


def _stamp() -> "list[str]":
    """What was installed last: digest, folder, extent; empty strings if nothing was."""
    try:
        lines = STAMP.read_text(encoding="utf-8").split("\n")
    except OSError:
        lines = []
    return lines if len(lines) == 3 else ["", "", ""]


def _works(python: Path) -> bool:
    """Whether the environment's Python is this version and has pip; a system upgrade breaks either."""
    ask = f"import pip, sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])!r})"
    try:
        return subprocess.call([str(python), "-c", ask], stderr=subprocess.DEVNULL) == 0
    except OSError:
        return False


# Tests --------------------------------------------------------------------------------------------------------------


def test(arguments: "list[str]") -> int:
    """Check style, types, rooms, diagrams and tables, then run the tests; 1 if any of it failed."""
    checks = [
        ("style", [program("ruff"), "check", "."]),
        ("format", [program("ruff"), "format", "--check", "."]),
        ("types", [program("mypy")]),
        ("rooms", [program("lint-imports")]),
        ("diagrams", [program("reglament"), "check", "processes"]),
        ("tables", [program("reglament"), "db", "check"]),
    ]
    failed = [name for name, command in checks if not _passes(name, command)]
    # Last, so that its closing line ends what is printed.
    if not _passes("tests", [program("python"), "-m", "pytest", "-n", "2", *arguments]):
        failed.append("tests")
    if failed:
        print("Failed: " + ", ".join(failed))
    if not any(shutil.which(name) for name in BROWSERS):
        print("No browser was found, so what is tested in one was not tested. On Debian: apt-get install chromium")
        if os.environ.get("CI"):
            return 1
    return 1 if failed else 0


def _passes(name: str, command: "list[str]") -> bool:
    print(f"== {name}:", Path(command[0]).name, *command[1:], flush=True)
    began = time.monotonic()
    done = subprocess.run(command, cwd=str(ROOT), check=False)
    if name != "tests":
        outcome = "failed" if done.returncode else "passed"
        print(f"== {name} {outcome} in {time.monotonic() - began:.1f} s", flush=True)
    return done.returncode == 0


def _become(command: "list[str]") -> NoReturn:
    """Go on as another program, so that signals and the exit code are its own."""
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    os.execv(command[0], command)  # noqa: S606


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _fail(problem: str) -> int:
    _tell(problem)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
