"""Draws every diagram of `processes/` as a picture: python docs/render.py [FILE.bpmn ...] writes docs/diagrams/*.png.

It needs what `manage.py test` needs: the test extras, the front-end packages and a Chromium. What the library had to
complain about while reading a diagram goes to standard error, and the exit code is 1.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = ROOT / "web" / "frontend" / "node_modules" / "bpmn-js" / "dist"
TARGET = ROOT / "docs" / "diagrams"
MARGIN = 20  # pixels around the drawing
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-sync",
    "--no-first-run",
    *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
]
PAGE = '<body style="margin:0;background:#fff"><div id="canvas" style="width:100vw;height:100vh"></div></body>'
OPEN = """async xml => {
  window.viewer = new BpmnJS({container: '#canvas'});
  const {warnings} = await viewer.importXML(xml);
  const {x, y, width, height} = viewer.get('canvas').viewbox().inner;
  return {x, y, width, height, warnings: warnings.map(warning => warning.message)};
}"""
LOOK = """box => {
  viewer.get('canvas').resized();
  viewer.get('canvas').viewbox(box);
}"""


def draw(page: Page, source: Path, target: Path) -> list[str]:
    """Write the picture of one diagram, a pixel a unit; returns the library's complaints."""
    page.set_content(PAGE)
    page.add_style_tag(path=LIBRARY / "assets" / "diagram-js.css")
    page.add_style_tag(path=LIBRARY / "assets" / "bpmn-js.css")
    page.add_script_tag(path=LIBRARY / "bpmn-viewer.production.min.js")
    seen = page.evaluate(OPEN, source.read_text("utf-8"))
    width, height = int(seen["width"]) + 2 * MARGIN, int(seen["height"]) + 2 * MARGIN
    page.set_viewport_size({"width": width, "height": height})
    page.evaluate(LOOK, {"x": seen["x"] - MARGIN, "y": seen["y"] - MARGIN, "width": width, "height": height})
    page.screenshot(path=target)
    return [f"{source.name}: {warning}" for warning in seen["warnings"]]


def main(names: list[str]) -> int:
    """Draw the named files, or all of `processes/`."""
    sources = [Path(name) for name in names] or sorted((ROOT / "processes").glob("*.bpmn"))
    TARGET.mkdir(parents=True, exist_ok=True)
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        page = browser.new_page()
        complaints = [line for source in sources for line in draw(page, source, TARGET / f"{source.stem}.png")]
        browser.close()
    for line in complaints:
        print(line, file=sys.stderr)
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
