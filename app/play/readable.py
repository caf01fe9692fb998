"""Whether a set of files can be read at all; what is drawn wrong in it is for the check to say."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping

from engine.diagram import read_diagram
from engine.xml import UnreadableFile


class BadSet(ValueError):
    """A file of the set cannot be read; the message names it and says what to do."""


def demand_readable(files: Mapping[str, bytes]) -> None:
    """Raise BadSet for the first diagram, form, table or profile that cannot be read."""
    if "profile.toml" not in files:
        raise BadSet("нет файла profile.toml; верните его рядом со схемами")
    for path, data in files.items():
        try:
            _read(path, data)
        except UnreadableFile as error:
            raise BadSet(_told(path, error.line, error.template.format(**error.facts))) from error
        except json.JSONDecodeError as error:
            raise BadSet(_told(path, error.lineno, f"не читается как JSON ({error.msg}).")) from error
        except tomllib.TOMLDecodeError as error:
            raise BadSet(_told(path, 0, f"не читается как TOML ({error}).")) from error
        except UnicodeDecodeError as error:
            raise BadSet(_told(path, 0, "не в кодировке UTF-8.")) from error
        except RecursionError as error:
            raise BadSet(_told(path, 0, "вложено слишком глубоко.")) from error


def _read(path: str, data: bytes) -> None:
    if path.endswith(".bpmn"):
        read_diagram(path, data)
    elif path.endswith(".toml"):
        tomllib.loads(data.decode())
    elif path.endswith(".json"):
        json.loads(data)
    else:
        data.decode("utf-8-sig")


def _told(path: str, line: int, what: str) -> str:
    return f"{path}:{line} {what} Исправьте файл; все ошибки покажет reglament check."
