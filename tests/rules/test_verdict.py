import ast
import pkgutil
import string
from pathlib import Path

import pytest

import rules
from rules.verdict import NotPossible, denied, notice

MODULES = [Path(rules.__path__[0]) / f"{module.name}.py" for module in pkgutil.iter_modules(rules.__path__)]


def test_a_refusal_speaks_russian_with_its_facts():
    why = denied("LATE", "Поздно: {count} из {names}.", count=2, names=("а", "б"))

    assert str(NotPossible(why)) == "Поздно: 2 из а, б."
    assert notice("LATE", "Поздно.").message == "Поздно."


@pytest.mark.parametrize("module", MODULES, ids=lambda path: path.stem)
def test_every_sentence_has_its_facts_and_names_no_reserved_word(module):
    # A handler hands facts on as keywords beside code, template and field.
    for call in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
            continue
        if call.func.id not in {"denied", "notice"} or any(keyword.arg is None for keyword in call.keywords):
            continue
        template = call.args[1]
        names = {keyword.arg for keyword in call.keywords}
        assert not names & {"code", "template", "field"}
        if isinstance(template, ast.Constant):
            assert {name for _, name, _, _ in string.Formatter().parse(template.value) if name} == names
