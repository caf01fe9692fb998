"""Rectangles and lines of a drawing: what touches, crosses and covers what. Units are those of the file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from engine.diagram import Bounds

Point = tuple[float, float]

SLACK = 3.0  # how far an edge may end from its shape, and shapes may overlap, before an eye sees it
LABEL_LINE = 14.0  # height of a line of text
LABEL_WIDTH = 90.0  # at which modelling tools wrap a label
LETTER = 6.0  # mean width of a letter


def overlap(one: Bounds, other: Bounds, slack: float = SLACK) -> bool:
    """Whether two rectangles share more than their rims.

    >>> a = Bounds(x=0, y=0, width=100, height=80)
    >>> overlap(a, Bounds(x=50, y=50, width=10, height=10)), overlap(a, Bounds(x=100, y=0, width=10, height=10))
    (True, False)
    """
    return (
        one.x + slack < other.right
        and other.x + slack < one.right
        and one.y + slack < other.bottom
        and other.y + slack < one.bottom
    )


def contains(outer: Bounds, inner: Bounds, slack: float = SLACK) -> bool:
    """Whether a rectangle lies in another."""
    return (
        inner.x >= outer.x - slack
        and inner.y >= outer.y - slack
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def touches(point: Point, bounds: Bounds, slack: float = SLACK) -> bool:
    """Whether a point is on or in a rectangle."""
    x, y = point
    return bounds.x - slack <= x <= bounds.right + slack and bounds.y - slack <= y <= bounds.bottom + slack


def crosses(points: Sequence[Point], bounds: Bounds, slack: float = SLACK) -> bool:
    """Whether a line goes through the inside of a rectangle.

    >>> box = Bounds(x=10, y=10, width=20, height=20)
    >>> crosses([(0, 20), (50, 20)], box), crosses([(0, 10), (50, 10)], box), crosses([(0, 0), (5, 50)], box)
    (True, False, False)
    """
    left, top, right, bottom = bounds.x + slack, bounds.y + slack, bounds.right - slack, bounds.bottom - slack
    if left >= right or top >= bottom:
        return False
    return any(_segment_enters(start, end, left, top, right, bottom) for start, end in pairwise(points))


def centre(bounds: Bounds) -> Point:
    """Return the middle of a rectangle."""
    return bounds.x + bounds.width / 2, bounds.y + bounds.height / 2


def middle(points: Sequence[Point]) -> Point:
    """Return the point half way along a line."""
    lengths = [((b[0] - a[0]) ** 2 + (b[1] - a[1]) ** 2) ** 0.5 for a, b in pairwise(points)]
    left = sum(lengths) / 2
    for (start, end), length in zip(pairwise(points), lengths, strict=True):
        if left <= length and length > 0:
            share = left / length
            return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share
        left -= length
    return points[0]


def text_box(text: str, place: Bounds) -> Bounds:
    """Return the space that a label's text takes, centred in the bounds it was given."""
    wide = max(LETTER * 2, min(LETTER * len(text), max(place.width, LABEL_WIDTH)))
    lines = max(1, -(-int(LETTER * len(text)) // int(max(place.width, LABEL_WIDTH))))
    x, _ = centre(place)
    return Bounds(x=x - wide / 2, y=place.y, width=wide, height=lines * LABEL_LINE)


def close_pairs(boxes: Sequence[tuple[str, Bounds]]) -> Iterator[tuple[str, str]]:
    """Yield the names of rectangles that overlap; sorts by x, so that far ones are never compared."""
    ordered = sorted(boxes, key=lambda box: box[1].x)
    for number, (name, box) in enumerate(ordered):
        for other_name, other in ordered[number + 1 :]:
            if other.x >= box.right:
                break
            if overlap(box, other):
                yield name, other_name


def _segment_enters(start: Point, end: Point, left: float, top: float, right: float, bottom: float) -> bool:
    """Clip a segment to a rectangle (Liang-Barsky); whether anything is left."""
    low, high = 0.0, 1.0
    dx, dy = end[0] - start[0], end[1] - start[1]
    for step, room in ((-dx, start[0] - left), (dx, right - start[0]), (-dy, start[1] - top), (dy, bottom - start[1])):
        if step == 0:
            if room <= 0:
                return False
            continue
        share = room / step
        if step < 0:
            low = max(low, share)
        else:
            high = min(high, share)
    return low < high
