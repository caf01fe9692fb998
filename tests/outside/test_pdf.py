"""Documents set by Typst: the same bytes each time, within bounds, and without sight of anything else."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from app.config import PROCESSES
from app.printing import printed, template_for, templates_of, version_of
from app.proofs import SAMPLE, template_problems
from engine.library import read_folder
from outside import pdf
from outside.pdf import PdfError, pages, render

AT = datetime(2026, 1, 12, 5, 0, tzinfo=UTC)
TEMPLATES = templates_of(read_folder(PROCESSES))
LONG = (
    "АО «Қазақстан-Өзбекстан құрылыс материалдары өндірістік-коммерциялық бірлестігі „Ұлы дала“ — "
    "Oʻzbekiston qurilish mollari, Ғиждувон тумани, ҳамкорлик»"
)


def made(source: str, **data: object) -> bytes:
    return render({"a.typ": source.encode()}, "a.typ", data, at=AT)


def test_a_document_is_pdf_a_2b_with_its_fonts_inside() -> None:
    content = made("Құжат — hujjat — документ")

    assert content.startswith(b"%PDF-1.7")
    assert b"<pdfaid:part>2</pdfaid:part>" in content
    assert b"<pdfaid:conformance>B</pdfaid:conformance>" in content
    assert b"/FontFile" in content


def test_the_same_document_is_the_same_bytes() -> None:
    assert made("= Акт", name="Асель") == made("= Акт", name="Асель")


def test_an_error_names_file_line_and_reason() -> None:
    with pytest.raises(PdfError) as caught:
        made("#let data = json(bytes(sys.inputs.data))\n\n#data.nobody")

    assert (caught.value.file, caught.value.line) == ("a.typ", 3)
    assert "nobody" in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        '#read("/etc/passwd")',
        '#read("../../../../../../etc/passwd")',
        '#image("/etc/hostname")',
        '#import "@preview/cetz:0.3.0"',
        '#let name = "@pre" + "view/cetz:0.3.0"\n#import name: *',
    ],
)
def test_a_template_sees_no_file_beyond_its_folder_and_no_network(source: str) -> None:
    with pytest.raises(PdfError) as caught:
        made(source)

    assert "root:" not in str(caught.value)


@pytest.mark.parametrize(
    "source",
    [
        "#let i = 0\n#while i < 1000000000 { i += 1 }",
        "#let f() = f()\n#f()",
        '#let a = "x" * 1000000\n#let l = ()\n#let i = 0\n#while i < 9000000 { l.push(a + str(i)); i += 1 }',
    ],
)
def test_a_template_that_loops_or_swells_is_stopped(source: str) -> None:
    with pytest.raises(PdfError):
        made(source)


def test_a_template_that_is_slow_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.001)

    with pytest.raises(PdfError, match="longer"):
        made("= Акт")


def test_pages_are_pictures_ten_at_most() -> None:
    found = pages({"a.typ": b"#for i in range(14) { [a]; pagebreak() }"}, "a.typ", {}, at=AT)

    assert len(found) == 10
    assert all(one.startswith(b"\x89PNG") for one in found)


@pytest.mark.parametrize("kind", sorted(name.removesuffix(".typ") for name in TEMPLATES if not name.startswith("_")))
def test_every_template_sets_long_names_and_fifty_rows_in_three_alphabets(kind: str) -> None:
    rows = [{"День": "12.01.2026", "Номер": str(number), "Содержание": LONG} for number in range(50)]
    fields = {
        "Заявитель": LONG,
        "Стандарты": ["ISO 9001", "ISO 14001", "ISO 45001"],
        "Держатель": LONG,
        "Площадки": [LONG] * 12,
        "Выводы": rows,
        "Работы": rows,
        "Содержание": LONG * 20,
        "Расчётное время, дней": 12.5,
    }
    row = {**SAMPLE, "kind": kind, "fields": fields, "signers": [f"{LONG}, руководитель группы"] * 9}
    name = template_for(TEMPLATES, kind)
    data = printed(row, {"number": "С-2026-0001"}, LONG, zone=UTC, is_sample=True, template=version_of(TEMPLATES, name))

    content = render(TEMPLATES, name, data, at=AT)

    assert len(re.findall(rb"/Type\s*/Page\b", content)) >= 2


def test_the_certificate_carries_its_code_where_there_is_one() -> None:
    data = printed(
        {**SAMPLE, "kind": "certificate"},
        {"number": "С-2026-0001"},
        "Орган",
        zone=UTC,
        is_sample=False,
        template="0" * 64,
        qr='<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0 0h5v5h-5z"/></svg>',
    )

    with_code = render(TEMPLATES, "certificate.typ", data, at=AT)
    without = render(TEMPLATES, "certificate.typ", {**data, "qr": None}, at=AT)

    assert len(with_code) > len(without)


def test_the_version_of_a_template_changes_with_its_shared_part_alone() -> None:
    changed = {**TEMPLATES, "_paper.typ": TEMPLATES["_paper.typ"] + b"// more"}
    other = {**TEMPLATES, "certificate.typ": b"= Other"}

    assert version_of(TEMPLATES, "audit_act.typ") != version_of(changed, "audit_act.typ")
    assert version_of(TEMPLATES, "audit_act.typ") == version_of(other, "audit_act.typ")


def test_a_broken_template_is_a_problem_with_its_line_and_only_changed_ones_are_tried() -> None:
    proven = {f"documents/{name}": content for name, content in TEMPLATES.items()}
    broken = {**proven, "documents/audit_act.typ": b"= Act\n\n#nothing"}

    (problem,) = template_problems(broken, proven)

    assert (problem.file, problem.line, problem.severity) == ("documents/audit_act.typ", 3, "error")
    assert template_problems(proven, proven) == []


SIGNS = "Готово 😀 👨‍👩‍👧, 中文字典, 한국어, ✅ и a\x01b\x0bc\ufffe; Әлем, oʻzbek"


def test_signs_for_which_no_font_has_a_shape_are_boxes_and_hold_no_document_up() -> None:
    source = "#let data = json(bytes(sys.inputs.data))\n#data.text #data.rows.at(0).at(0)"

    assert made(source, text=SIGNS, rows=[[SIGNS]]) == made(source, text=SIGNS, rows=[[SIGNS]])


def test_a_text_of_thousands_of_such_signs_takes_no_longer() -> None:
    text = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 5_000))

    assert made("#json(bytes(sys.inputs.data)).text", text=text).startswith(b"%PDF")


def test_such_a_sign_of_the_template_itself_is_its_fault() -> None:
    with pytest.raises(PdfError, match="could not be displayed"):
        made("= 😀", text="😀")
