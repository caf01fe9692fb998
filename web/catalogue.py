"""The catalogue of translations: what it must hold, and bringing the files up to date (`python -m web.catalogue`).

Russian sentences are the msgids. The Russian catalogue holds plural forms alone; the English one holds everything.
"""

from __future__ import annotations

import io
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Brought up to date by: python -m web.catalogue"
UNSTEADY = (b"-Date: ", b'"Last-Translator: ', b'"Language-Team: ', b'"Report-Msgid-Bugs-To: ', b'"Generated-By: ')
KEYWORDS = {**DEFAULT_KEYWORDS, "Refused": (2,), "lazy_gettext": None, "_l": None}


def wanted(root: Path = ROOT) -> Catalog:
    """Return every sentence that a reader can meet."""
    with (ROOT / "web" / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]
    found = Catalog(project="Reglament")
    for name, line, message, comments, context in extract_from_dir(
        root, methods, options, KEYWORDS, directory_filter=lambda folder: "node_modules" not in folder
    ):
        found.add(message, None, [(name, line)], auto_comments=comments, context=context)
    return found


def path_of(language: str) -> Path:
    """Return the file of a language's catalogue."""
    return ROOT / "web" / "translations" / language / "LC_MESSAGES" / "messages.po"


def read(language: str) -> Catalog:
    """Return a language's catalogue, an empty one if there is none yet."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Reglament")
    with path.open("rb") as file:
        return read_po(file, locale=language)


def untranslated(language: str) -> list[str]:
    """Return the sentences for which a language has no words yet."""
    own = read(language)
    missing = []
    for message in wanted():
        if not message.id or (language == "ru" and not message.pluralizable):
            continue
        found = own.get(message.id, message.context)
        texts = found.string if found is not None and isinstance(found.string, tuple) else (found and found.string,)
        if found is None or not all(texts):
            missing.append(str(message.id[0] if isinstance(message.id, tuple) else message.id))
    return missing


def update(language: str) -> None:
    """Bring a catalogue up to date: new sentences without words, old ones gone."""
    own = read(language)
    fresh = Catalog(locale=language, project="Reglament", fuzzy=False, header_comment=HEADER)
    for message in wanted():
        if not message.id or (language == "ru" and not message.pluralizable):
            continue
        known = own.get(message.id, message.context)
        fresh.add(message.id, known.string if known is not None else None, context=message.context)
    buffer = io.BytesIO()
    write_po(buffer, fresh, width=120, omit_header=False, sort_output=True)
    # Times and names in the header would make a change of every update.
    lines = [line for line in buffer.getvalue().split(b"\n") if not any(word in line for word in UNSTEADY)]
    path_of(language).parent.mkdir(parents=True, exist_ok=True)
    path_of(language).write_bytes(b"\n".join(lines))


def compile_all() -> None:
    """Write the binary catalogues that the pages read; git ignores them."""
    for language in ("ru", "en"):
        with path_of(language).with_suffix(".mo").open("wb") as file:
            write_mo(file, read(language))


if __name__ == "__main__":
    for code in ("ru", "en"):
        update(code)
    compile_all()
