"""The whole benchmark, its figures and what they are worth against the aims (docs: architecture, speed)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from tempfile import TemporaryDirectory
from typing import Any

from app.bench import growth, inbox, memory, model, timers
from app.bench.figures import spread
from app.bench.http import HttpSteps
from app.bench.raw import RawSteps
from app.bench.serving import server
from app.bench.step import EngineSteps

Figures = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much is measured."""

    cases: int = 40
    """Of the procedure, bare, in the engine and through the pages."""
    line_cases: int = 4
    live_cases: int = 1_000
    open_cases: int = 10_000
    pages: int = 200
    """Inbox pages, and looks for due work."""
    late: int = growth.LATE


QUICK = Size(cases=1, line_cases=1, live_cases=3, open_cases=50, pages=8, late=30)
"""Enough to see that everything runs; its times mean nothing."""


def run(size: Size) -> tuple[Figures, list[str]]:
    """Measure everything in a throw-away folder; returns the figures and remarks to them."""
    with TemporaryDirectory(prefix="reglament-bench-") as name:
        folder = Path(name)
        figures, remarks = _steps(_made(folder / "step"), size)
        figures["growth"] = growth.measure(_made(folder / "line"), cases=size.line_cases, late=size.late)
        figures.update(_served(_made(folder / "served"), size))
    order = ("raw", "engine", "http", "growth", "inbox", "timers", "state_kb_per_case", "server_rss_mb")
    return {key: figures[key] for key in order}, remarks


def lines(figures: Figures, remarks: list[str]) -> Iterator[str]:
    """Yield the report for people: figures, ratios, and whether each aim is met."""
    for name, value in figures.items():
        shown = ", ".join(f"{key} {one}" for key, one in value.items()) if isinstance(value, Mapping) else value
        yield f"{name:<20} {shown}"
    yield from remarks
    for words, value, most in _aims(figures):
        yield f"{'да ' if value <= most else 'НЕТ'}  {words}: {value:g} (цель не более {most:g})"


def _steps(folder: Path, size: Size) -> tuple[Figures, list[str]]:
    """Measure bare library and engine in turn, case by case, so that both meet the same moods of the machine."""
    bare, steps = RawSteps(folder), EngineSteps(folder)
    bare.one_case()
    steps.one_case()
    raw, engine = [], []
    for _ in range(size.cases):
        raw.extend(bare.one_case())
        engine.extend(steps.one_case())
    statements, written = zip(*steps.written(), strict=True)
    half = steps.half_finished_bytes()
    bare.close()
    steps.close()
    a_step = {"sql_per_step": round(mean(statements), 1), "bytes_per_step": round(mean(written))}
    disk = spread(bare.commits)
    remarks = [
        f"Коммит на диск, часть raw: p50 {disk['p50_ms']} мс, p95 {disk['p95_ms']} мс; в engine и в http он тоже один.",
        f"Запросов на шаг: в engine среднее, наибольшее {max(statements)} (с записью в журнал); без BEGIN и COMMIT.",
        f"Байт на шаг: в engine среднее, наибольшее {max(written)}; это параметры пишущих запросов, тексты в UTF-8.",
    ]
    figures = {"raw": spread(raw), "engine": {**spread(engine), **a_step}, "state_kb_per_case": round(half / 1024, 1)}
    return figures, remarks


def _served(folder: Path, size: Size) -> Figures:
    services = model.install(folder, model.files())
    with server(folder) as (port, process_id):
        steps = HttpSteps(port)
        figures: Figures = {"http": steps.measure(cases=size.cases)}
        browser = steps.signed_in()
        memory.fill(steps, browser, size.live_cases)
        figures["server_rss_mb"] = memory.resident_mb(process_id)
        open_cases = inbox.fill(services, size.open_cases)
        figures["inbox"] = {"open_cases": open_cases, "p95_ms": inbox.measure(browser, times=size.pages)}
        browser.close()
    services.close()
    figures["timers"] = timers.measure(folder, times=size.pages)
    return figures


def _aims(figures: Figures) -> Iterator[tuple[str, float, float]]:
    """Yield words, the value, and the most it may be."""
    line = figures["growth"]
    yield "ответ страницы, p50, мс", figures["http"]["p50_ms"], 8
    yield "ответ страницы, p95, мс", figures["http"]["p95_ms"], 15
    yield "шаг движка к голой библиотеке, p50", round(figures["engine"]["p50_ms"] / figures["raw"]["p50_ms"], 2), 4
    yield "запросов SQL на шаг, в среднем", figures["engine"]["sql_per_step"], 12
    yield "записано на шаг в среднем, кБ", round(figures["engine"]["bytes_per_step"] / 1000, 1), 20
    yield "шаг на задаче 200 к шагу на задаче 20", round(line["task_200_ms"] / line["task_20_ms"], 2), 1.5
    yield f"входящие при {figures['inbox']['open_cases']} открытых делах, p95, мс", figures["inbox"]["p95_ms"], 20
    yield "дел восстановлено при поиске сроков", figures["timers"]["restored"], 0
    yield "память сервера, МБ", figures["server_rss_mb"], 250


def _made(folder: Path) -> Path:
    folder.mkdir()
    return folder
