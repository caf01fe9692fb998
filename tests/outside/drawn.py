"""What stands where on the sheets of a PDF that Typst made: each piece of text with its place, in reading order.

It reads the little of the format that Typst writes (`q`, `Q`, `cm`, `Tf`, `Tm`, `TJ`, marked content) and nothing else.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.reader import PdfFileReader

Matrix = tuple[float, float, float, float, float, float]

_TOKEN = re.compile(rb"<<|>>|<[0-9A-Fa-f\s]*>|/[^\s/<>\[\]()]+|[-+.\d]+|[A-Za-z*'\"]+|[\[\]]")
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A piece of one line, in points from the lower left corner of its sheet."""

    text: str
    left: float
    right: float
    base: float
    size: float
    is_repeated: bool
    """Whether it stands there because of the paper's being cut into sheets."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page."""

    width: float
    height: float
    pieces: Sequence[Piece]

    @property
    def text(self) -> str:
        """What the sheet says, without what is repeated on each: head, foot, the first row of a table that goes on."""
        return "".join(piece.text for piece in self.pieces if not piece.is_repeated)

    @property
    def repeated(self) -> str:
        """What is repeated on each sheet."""
        return "".join(piece.text for piece in self.pieces if piece.is_repeated)


@dataclass(frozen=True, slots=True)
class _Font:
    words: dict[int, str]
    widths: dict[int, float]


def sheets(content: bytes) -> list[Sheet]:
    """Return the pages of a PDF in order."""
    return [_sheet(page) for page in _pages(PdfFileReader(io.BytesIO(content)).root["/Pages"])]


def overlaps(sheet: Sheet) -> list[tuple[str, str]]:
    """Return the pairs of pieces that are printed over each other, as a cell's text that ran into the next one."""
    by_line = sorted(sheet.pieces, key=lambda piece: (round(piece.base), piece.left))
    found = []
    for place, one in enumerate(by_line):
        for other in by_line[place + 1 :]:
            if other.base - one.base > one.size:
                break
            is_same_line = abs(other.base - one.base) < 0.55 * min(one.size, other.size)
            if is_same_line and min(one.right, other.right) - max(one.left, other.left) > 1.5:
                found.append((one.text, other.text))
    return found


def outside(sheet: Sheet, margin: float = 12.0) -> list[str]:
    """Return the pieces that come nearer to the edge of the paper than a printer reaches, or leave it."""
    return [
        piece.text
        for piece in sheet.pieces
        if piece.left < margin
        or piece.right > sheet.width - margin
        or piece.base < margin
        or piece.base + piece.size > sheet.height - margin
    ]


def _pages(node: Any) -> Iterator[Any]:
    for child in node["/Kids"]:
        found = _real(child)
        if "/Kids" in found:
            yield from _pages(found)
        else:
            yield found


def _sheet(page: Any) -> Sheet:
    _, _, width, height = (float(side) for side in page["/MediaBox"])
    fonts = {name: _font(_real(font)) for name, font in page["/Resources"].get("/Font", {}).items()}
    return Sheet(width=width, height=height, pieces=list(_drawn(page["/Contents"].data, fonts)))


def _real(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _font(font: Any) -> _Font:
    if "/DescendantFonts" not in font:  # a font of drawings, of which no paper has one
        return _Font({}, {})
    described = _real(font["/DescendantFonts"][0])
    widths: dict[int, float] = {}
    table = list(described.get("/W", []))
    while table:
        first, second = int(table.pop(0)), _real(table.pop(0))
        if isinstance(second, list):
            widths |= {first + place: float(width) for place, width in enumerate(second)}
        else:
            widths |= dict.fromkeys(range(first, int(second) + 1), float(table.pop(0)))
    return _Font(_words(font["/ToUnicode"].data), widths)


def _words(table: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for part in re.findall(rb"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, word in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            found[int(code, 16)] = bytes.fromhex(word.decode()).decode("utf-16-be")
    for part in re.findall(rb"beginbfrange(.*?)endbfrange", table, re.DOTALL):
        for low, high, word in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", part):
            first = bytes.fromhex(word.decode()).decode("utf-16-be")
            for place in range(int(high, 16) - int(low, 16) + 1):
                found[int(low, 16) + place] = first[:-1] + chr(ord(first[-1]) + place)
    return found


def _tokens(stream: bytes) -> Iterator[bytes]:
    place = 0
    while place < len(stream):
        if stream[place : place + 1] == b"(":
            end = _end_of_string(stream, place)
            yield stream[place:end]
            place = end
        elif (found := _TOKEN.match(stream, place)) is not None:
            yield found.group()
            place = found.end()
        else:
            place += 1


def _end_of_string(stream: bytes, place: int) -> int:
    depth = 0
    while True:
        sign = stream[place : place + 1]
        if sign == b"\\":
            place += 1
        depth += (sign == b"(") - (sign == b")")
        place += 1
        if depth == 0:
            return place


def _codes(token: bytes) -> list[int]:
    if token.startswith(b"<"):
        raw = bytes.fromhex(token[1:-1].decode())
    else:
        raw = re.sub(rb"\\([0-7]{1,3}|\r?\n|.)", _unescaped, token[1:-1], flags=re.DOTALL)
    return [high << 8 | low for high, low in zip(raw[::2], raw[1::2], strict=True)]


def _unescaped(found: re.Match[bytes]) -> bytes:
    sign = found[1]
    if sign[:1].isdigit():
        return bytes([int(sign, 8)])
    return b"" if sign.endswith(b"\n") else _ESCAPES.get(sign, sign)


def _times(one: Matrix, other: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    p, q, r, s, t, u = other
    return (a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u)


def _drawn(stream: bytes, fonts: dict[str, _Font]) -> Iterator[Piece]:
    here: Matrix = (1, 0, 0, 1, 0, 0)
    matrix, kept, marks, before = here, [], [], []
    font, size = _Font({}, {}), 0.0
    for token in _tokens(stream):
        match token:
            case b"q":
                kept.append(here)
            case b"Q":
                here = kept.pop()
            case b"cm":
                here = _times(_matrix(before), here)
            case b"Tm":
                matrix = _times(_matrix(before), here)
            case b"Tf":
                font, size = fonts[before[-2].decode()], float(before[-1])
            case b"BDC" | b"BMC":
                marks.append(b"/Pagination" in before)
            case b"EMC":
                marks.pop()
            case b"TJ" | b"Tj":
                yield _piece(before, font, size, matrix, is_repeated=any(marks))
            case _:
                before.append(token)
                continue
        before.clear()


def _matrix(numbers: Sequence[bytes]) -> Matrix:
    a, b, c, d, e, f = (float(one) for one in numbers[-6:])
    return (a, b, c, d, e, f)


def _piece(tokens: Sequence[bytes], font: _Font, size: float, matrix: Matrix, *, is_repeated: bool) -> Piece:
    text, advance = "", 0.0
    for token in tokens:
        if token[:1] in b"(<" and token not in (b"<<", b">>"):
            for code in _codes(token):
                text += font.words.get(code, "")
                advance += font.widths.get(code, 0.0)
        elif token[:1] in b"+-.0123456789":
            advance -= float(token)
    scale = abs(matrix[0])
    left, width = matrix[4], advance / 1000 * size * scale
    return Piece(text=text, left=left, right=left + width, base=matrix[5], size=size * scale, is_repeated=is_repeated)
