"""A control and a case on a status as handlers see them: the shipped profile, and the data of one test."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine.steps import Case
from handlers import control, status
from tests.handlers.certification_case import Data, a_case

SITE = {"name": "Завод", "address": "Кентау", "activity": "Бетон", "code": "16", "personnel": 60, "central": True}
START: Data = {
    "certificate": "СМ.2025.0007",
    "holder": "ТОО «Кентау-Бетон»",
    "email": "quality@kentau-beton.example",
    "kind": "surveillance_1",
    "decided_on": "2025-03-10",
    "valid_until": "2028-03-10",
    "limit_on": "2026-03-10",
    "bin": "180540012345",
    "standards": ["ISO 9001"],
    "codes": ["16"],
    "scope": "Бетон; плиты",
    "sites": [SITE],
}
Journals = Mapping[str, Sequence[Mapping[str, Any]]]


def journal(name: str, rows: Mapping[str, Mapping[str, Any]]) -> Journals:
    """Return a journal as the register `journals/<name>`, from key to fields."""
    return {f"journals/{name}": [{**fields, "_key": key} for key, fields in rows.items()]}


def a_control(
    data: Data | None = None, *, start: Data | None = None, registers: Journals | None = None, **more: Any
) -> Case:
    """Return a planned control whose facts are taken over, with the data of a test."""
    empty = {f"journals/{name}": () for name in ("surveillances", "protocols", "coverage", "certificates")}
    journals = {**empty, **(registers or {})}
    values = {**START, **(start or {})}
    known = control.take_over(a_case({"surveillance_start": values}, registers=journals)).data
    return a_case({"surveillance_start": values, **known, **(data or {})}, registers=journals, **more)


STATUS: Data = {
    **{
        name: START[name]
        for name in ("certificate", "holder", "email", "valid_until", "bin", "standards", "codes", "scope")
    },
    "initiator": "body",
    "action": "SUSPEND",
    "basis": "Сведения подтвердились",
    "issued_on": "2025-03-11",
}


def a_status(
    data: Data | None = None, *, start: Data | None = None, registers: Journals | None = None, **more: Any
) -> Case:
    """Return a case on the status of a certificate, taken over, with the data of a test."""
    journals = {"journals/certificates": (), **(registers or {})}
    values = {**STATUS, **(start or {})}
    known = status.receive(a_case({"status_start": values}, registers=journals)).data
    return a_case({"status_start": values, **known, **(data or {})}, registers=journals, **more)
