"""What a handler says of itself: its docstring, taken apart by its own words (Reads, Writes, Refuses, Source)."""

from __future__ import annotations

import inspect
import re
from dataclasses import dataclass

from engine.steps import Binding

_WORDS = re.compile(r"\b(Reads|Writes|Refuses|Source):\s*")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The parts of a handler's docstring; an empty text for a part that is not there."""

    summary: str = ""
    """Its first sentences, up to the first empty line."""
    reads: str = ""
    writes: str = ""
    refuses: str = ""
    source: str = ""

    @property
    def is_rule(self) -> bool:
        """Whether the handler applies a rule: it says from which source."""
        return bool(self.source)


def told(handler: Binding | None) -> Told:
    """Return what a handler says of itself, in its own order and words."""
    return taken_apart(inspect.getdoc(handler.call) or "") if handler else Told()


def taken_apart(text: str) -> Told:
    """Return the parts of a docstring.

    >>> taken_apart("Count it. Reads: votes (form). Source: A 6.10.13 (A-089).").source
    'A 6.10.13 (A-089)'
    """
    parts = _WORDS.split(text)
    named = {name.lower(): _plain(part) for name, part in zip(parts[1::2], parts[2::2], strict=True)}
    named["source"] = "; ".join(_places(named.get("source", "")))
    return Told(summary=" ".join(parts[0].split("\n\n")[0].split()), **named)


def _places(source: str) -> list[str]:
    """Return the places that a source names; remarks of the programmer, which begin small, are left out.

    >>> _places("C L140-144 (C-063 to C-069); advisory votes change nothing; IAF MD 5")
    ['C L140-144 (C-063–C-069)', 'IAF MD 5']
    >>> _places("C L12 (C-003: the principles); ISO/IEC 17021-1 9.1.3 (within twelve months)")
    ['C L12 (C-003)', 'ISO/IEC 17021-1 9.1.3']
    >>> _places("A 6.7.9 (A-064), profile closure.dissatisfied; A 6.1.1, which leaves it to the body")
    ['A 6.7.9 (A-064)', 'A 6.1.1']
    """
    source = re.sub(r",? (?:which|profile) [^;]*", "", source)
    source = re.sub(r"\s*\([a-z][^()]*\)", "", re.sub(r"(\([^():]*): [^()]*\)", r"\1)", source))
    parts = [re.sub(r" to (?=[A-Z]-\d)", "–", part.partition("): ")[0].strip()) for part in source.split(";")]
    parts = [f"{part})" if part.count("(") > part.count(")") else part for part in parts]
    return [part for part in parts if part and not part[0].islower()]


def _plain(part: str) -> str:
    return " ".join(part.split()).rstrip(".")
