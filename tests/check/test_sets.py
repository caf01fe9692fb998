"""What needs several files, or files too big to keep: calls, forms, tables, scenarios, long chains."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from engine.check import CheckContext, Problem, check_set, context_of
from engine.library import SET_FOLDERS

DIAGRAMS = Path(__file__).parents[1] / "diagrams"
ONE_TASK = (DIAGRAMS / "valid-one-task.bpmn").read_text()
CHOICE = (DIAGRAMS / "valid-choice.bpmn").read_text()


def rules(problems: list[Problem]) -> set[tuple[str, str, str]]:
    return {(one.file, one.element, one.rule) for one in problems}


def calling(process: str, called: str) -> bytes:
    text = ONE_TASK.replace('"review"', f'"{process}"').replace("bpmn:userTask", "bpmn:callActivity")
    start, end = text.index("<bpmn:documentation>"), text.index("</bpmn:extensionElements>", text.index("formJson"))
    text = text[:start] + text[end + len("</bpmn:extensionElements>") :]
    return text.replace('id="check_papers"', f'id="check_papers" calledElement="{called}"', 1).encode()


def bare(nodes: str, flows: list[tuple[str, str]]) -> bytes:
    """A process without a drawing."""
    lines = "".join(f'<sequenceFlow id="f{n}" sourceRef="{a}" targetRef="{b}"/>' for n, (a, b) in enumerate(flows))
    return (
        '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="x">'
        f'<process id="bare" isExecutable="true">{nodes}{lines}</process></definitions>'
    ).encode()


def test_processes_may_call_each_other_but_not_in_a_ring(context: CheckContext) -> None:
    straight = {"a.bpmn": calling("a", "review"), "review.bpmn": ONE_TASK.encode()}
    ring = {"a.bpmn": calling("a", "b"), "b.bpmn": calling("b", "a")}

    assert check_set(straight, context) == []
    assert {("a.bpmn", "check_papers", "call-cycle"), ("b.bpmn", "check_papers", "call-cycle")} <= rules(
        check_set(ring, context)
    )


def test_a_single_file_is_judged_against_the_rest_of_its_set(context: CheckContext) -> None:
    caller = calling("a", "review")
    around = replace(context, diagrams={"a.bpmn": caller, "review.bpmn": ONE_TASK.encode(), "broken.bpmn": b"<"})

    assert check_set({"elsewhere/a.bpmn": caller}, around) == []
    assert check_set({"elsewhere/renamed.bpmn": caller}, around) == []
    assert {one.rule for one in check_set({"a.bpmn": caller}, context)} == {"called-process"}


def test_two_files_may_not_hold_the_same_process(context: CheckContext) -> None:
    found = check_set({"a.bpmn": ONE_TASK.encode(), "b.bpmn": ONE_TASK.encode()}, context)

    assert rules(found) == {("b.bpmn", "review", "process-id-unique")}


def test_what_a_called_process_writes_is_known_to_the_caller_afterwards(context: CheckContext) -> None:
    caller = CHOICE.replace('"review"', '"outer"')
    start, end = caller.index('<bpmn:userTask id="check_papers"'), caller.index("</bpmn:userTask>")
    call = '<bpmn:callActivity id="check_papers" name="Проверить" calledElement="review">'
    call += "<bpmn:incoming>to_check</bpmn:incoming><bpmn:outgoing>to_gate</bpmn:outgoing></bpmn:callActivity>"
    caller = caller[:start] + call + caller[end + len("</bpmn:userTask>") :]
    without = ONE_TASK.replace("papers.json", "ballot.json")

    assert check_set({"outer.bpmn": caller.encode(), "review.bpmn": ONE_TASK.encode()}, context) == []
    assert ("outer.bpmn", "complete", "condition-names") not in rules(
        check_set({"outer.bpmn": caller.encode(), "review.bpmn": ONE_TASK.encode()}, context)
    )
    # The later task of the caller itself asks by papers.json, which does not help a gateway before it.
    assert ("outer.bpmn", "complete", "condition-names") in rules(
        check_set({"outer.bpmn": caller.encode(), "review.bpmn": without.encode()}, context)
    )


def test_a_gateway_needs_no_default_when_its_conditions_cover_every_answer_of_the_form(context: CheckContext) -> None:
    covered = CHOICE.replace(' default="rest"', "").replace(
        '<bpmn:sequenceFlow id="rest" name="нет" sourceRef="is_complete" targetRef="sent_back" />',
        '<bpmn:sequenceFlow id="rest" sourceRef="is_complete" targetRef="sent_back"><bpmn:conditionExpression>'
        "papers.outcome == 'incomplete'</bpmn:conditionExpression></bpmn:sequenceFlow>",
    )
    by_hidden_field = covered.replace(
        "papers.outcome == 'incomplete'", "papers.outcome == 'incomplete' and papers.reason in ['missing', 'expired']"
    )
    half = covered.replace("papers.outcome == 'incomplete'", "papers.reason == 'missing'")

    assert check_set({"choice.bpmn": covered.encode()}, context) == []
    assert check_set({"choice.bpmn": by_hidden_field.encode()}, context) == []
    assert {one.rule for one in check_set({"choice.bpmn": half.encode()}, context)} == {"exclusive-complete"}


def test_a_form_that_a_way_round_skips_does_not_complete_a_gateway(context: CheckContext) -> None:
    nodes = (
        '<startEvent id="s"/><exclusiveGateway id="g" default="f2"/><userTask id="ask"><extensionElements>'
        '<p:properties xmlns:p="http://spiffworkflow.org/bpmn/schema/1.0/core">'
        '<p:property name="formJsonSchemaFilename" value="papers.json"/></p:properties></extensionElements></userTask>'
        '<exclusiveGateway id="choice"/><endEvent id="e1"/><endEvent id="e2"/>'
    )
    ways = [("s", "g"), ("g", "ask"), ("g", "choice"), ("ask", "choice"), ("choice", "e1"), ("choice", "e2")]
    data = bare(nodes, ways).decode()
    for flow, value in (("f4", "complete"), ("f5", "incomplete")):
        condition = f"<conditionExpression>papers.outcome == '{value}'</conditionExpression>"
        start = data.index(f'<sequenceFlow id="{flow}"')
        end = data.index("/>", start)
        data = data[:end] + f">{condition}</sequenceFlow>" + data[end + 2 :]
    skipped = {(one.element, one.rule) for one in check_set({"skip.bpmn": data.encode()}, context)}

    assert ("choice", "exclusive-complete") in skipped


def test_a_chain_that_the_library_cannot_parse_is_refused_quickly(context: CheckContext) -> None:
    names = ["s", *(f"t{n}" for n in range(600)), "e"]
    nodes = '<startEvent id="s"/>' + "".join(f'<userTask id="{name}"/>' for name in names[1:-1]) + '<endEvent id="e"/>'
    began = time.process_time()
    found = check_set({"long.bpmn": bare(nodes, list(pairwise(names)))}, context)

    assert ("long.bpmn", "bare", "too-long") in rules(found)
    assert time.process_time() - began < 5


def test_two_thousand_branches_are_refused_quickly(context: CheckContext) -> None:
    names = [f"t{n}" for n in range(2_000)]
    nodes = '<startEvent id="s"/><parallelGateway id="g"/><parallelGateway id="j"/><endEvent id="e"/>'
    nodes += "".join(f'<userTask id="{name}"/>' for name in names)
    ways = [("s", "g"), ("j", "e"), *(("g", name) for name in names), *((name, "j") for name in names)]
    began = time.process_time()
    found = check_set({"wide.bpmn": bare(nodes, ways)}, context)

    assert {("wide.bpmn", "g", "too-many-branches"), ("wide.bpmn", "j", "too-many-branches")} <= rules(found)
    assert time.process_time() - began < 8


def test_a_rule_that_breaks_on_a_file_becomes_a_problem(context: CheckContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.check.whole.Place.outgoing", lambda self, node: 1 / 0)
    no_default = CHOICE.replace(' default="rest"', "").replace('name="нет"', "").encode()
    found = check_set({"choice.bpmn": no_default}, context)

    assert any("ZeroDivisionError" in one.message for one in found)


def test_an_error_event_on_a_call_needs_an_error_end_in_the_called_process(context: CheckContext) -> None:
    caller = calling("a", "review").decode()
    event = '<bpmn:boundaryEvent id="lost" attachedToRef="check_papers"><bpmn:errorEventDefinition errorRef="e" />'
    caller = caller.replace("<bpmn:endEvent", event + "</bpmn:boundaryEvent><bpmn:endEvent", 1)
    caller = caller.replace("</bpmn:process>", '</bpmn:process><bpmn:error id="e" errorCode="LOST" />')
    thrower = ONE_TASK.replace(
        "<bpmn:incoming>to_done</bpmn:incoming>",
        '<bpmn:incoming>to_done</bpmn:incoming><bpmn:errorEventDefinition errorRef="e" />',
    ).replace("</bpmn:process>", '</bpmn:process><bpmn:error id="e" errorCode="LOST" />')

    silent = rules(check_set({"a.bpmn": caller.encode(), "review.bpmn": ONE_TASK.encode()}, context))
    thrown = rules(check_set({"a.bpmn": caller.encode(), "review.bpmn": thrower.encode()}, context))
    assert ("a.bpmn", "lost", "called-errors") in silent
    assert ("a.bpmn", "lost", "called-errors") not in thrown
    assert ("review.bpmn", "done", "end-error-caught") not in thrown


def test_a_term_that_counts_from_a_date_nobody_writes_is_told(context: CheckContext) -> None:
    starts = {"review.reply": frozenset({"papers.received_on"})}

    found = check_set({"one.bpmn": ONE_TASK.encode()}, replace(context, term_starts=starts))
    assert [(one.element, one.rule, one.severity) for one in found] == [("check_papers", "term-start", "warning")]


def test_one_form_is_filled_in_by_many_or_by_one(context: CheckContext) -> None:
    vote = (DIAGRAMS / "valid-vote.bpmn").read_bytes().replace(b'"review"', b'"balloting"')
    single = ONE_TASK.replace("papers.json", "ballot.json").replace('"review"', '"single"').encode()

    found = rules(check_set({"vote.bpmn": vote, "single.bpmn": single}, context))
    assert {rule for _, _, rule in found} == {"form-shape"}


def test_what_is_left_over_and_misnamed_is_told_of_a_whole_set(context: CheckContext) -> None:
    scenario = b"process: revue\nstart: {}\nsteps:\n- {at: 2026-01-12T10:00, as: officer, task: check_paper}\n"
    scenario += b"- expect: {waiting: [check_papers]}\n"
    files = {
        "one.bpmn": ONE_TASK.encode(),
        "profile.toml": b"",
        "forms/papers.json": (DIAGRAMS / "forms" / "papers.json").read_bytes(),
        "forms/ballot.json": (DIAGRAMS / "forms" / "ballot.json").read_bytes(),
        "scenarios/story.yaml": scenario,
    }
    found = check_set(files, context)

    assert ("forms/ballot.json", "", "form-orphan") in rules(found)
    assert ("handlers/fees.py", "fees.pay", "handler-orphan") in rules(found)
    misnamed = [(one.line, one.element, one.rule) for one in found if one.file == "scenarios/story.yaml"]
    assert misnamed == [(1, "revue", "scenario-names"), (4, "check_paper", "scenario-names")]


def test_a_requirement_that_only_a_handler_names_exists_too(context: CheckContext) -> None:
    found = check_set({}, replace(context, requirements=frozenset()))

    assert {(one.rule, one.element) for one in found} == {("handler-requirements", name) for name in context.signatures}


PAPERS: dict[str, Any] = json.loads((DIAGRAMS / "forms" / "papers.json").read_text())


@pytest.mark.parametrize(
    ("field", "schema", "rule"),
    [
        ("extra", {"type": "string", "title": "Ещё", "maxLenght": 3}, "form-schema"),
        ("extra", {"type": "text", "title": "Ещё"}, "form-schema"),
        ("extra", {"type": "string", "title": "Ещё", "maxLength": -3}, "form-schema"),
        ("extra", {"type": "string", "title": "Ещё", "format": "datum"}, "form-schema"),
        ("extra", {"type": "string", "title": "Ещё", "pattern": "("}, "form-schema"),
        ("extra", {"type": "string", "title": "Ещё", "oneOf": [{"const": "a"}]}, "form-schema"),
        ("extra", {"type": "object", "title": "Ещё", "properties": []}, "form-schema"),
        ("extra", {"type": ["string", "null"], "title": "Ещё"}, "form-schema"),
        ("extra", {"type": "string"}, "form-schema"),
        ("extra", {"$ref": "http://127.0.0.1/x"}, "form-schema"),
        ("typename", {"type": "string", "title": "Тип"}, "form-field-names"),
        ("Название", {"type": "string", "title": "Тип"}, "form-field-names"),
        ("extra", {"type": "string", "title": "Ещё", "x-show-if": {"outcom": "complete"}}, "form-show-if"),
        ("extra", {"type": "string", "title": "Ещё", "x-show-if": {"outcome": "done"}}, "form-show-if"),
        ("extra", {"type": "string", "title": "Ещё", "x-show-if": "outcome"}, "form-show-if"),
        ("extra", {"type": "string", "title": "Ещё", "format": "person", "x-role": "oficer"}, "form-sources"),
        ("extra", {"type": "string", "title": "Ещё", "x-from": "papers.noet"}, "form-sources"),
        ("extra", {"type": "string", "title": "Ещё", "x-requirements": ["C-777"]}, "form-sources"),
    ],
)
def test_a_form_is_refused_for_its_fault_alone(
    field: str, schema: dict[str, Any], rule: str, context: CheckContext
) -> None:
    form = {**PAPERS, "properties": {**PAPERS["properties"], field: schema}}
    text = json.dumps(form, ensure_ascii=False, indent=1)
    found = check_set({"one.bpmn": ONE_TASK.encode(), "forms/papers.json": text.encode()}, context)

    assert {(one.file, one.rule) for one in found} == {("forms/papers.json", rule)}
    assert all(f'"{field}"' in text.splitlines()[one.line - 1] or one.element == "" for one in found if one.line > 1)


@pytest.mark.parametrize(
    ("path", "data", "rule", "line"),
    [
        ("forms/x.json", b'{\n"type": "object",\n}', "form-json", 3),
        ("forms/x.json", b"\xff\xfe", "form-json", 0),
        ("forms/x.json", b"[]", "form-json", 1),
        ("forms/x.json", b"[" * 100_000, "too-heavy", 0),
        ("scenarios/x.yaml", b"a: 1\nb: [", "scenario", 2),
        ("scenarios/x.yaml", b"- 1", "scenario", 1),
        ("scenarios/x.yaml", b"process: p\nstart: {}\nsteps: [{task: t}]", "scenario", 1),
        ("scenarios/x.yaml", b"process: p\nstart: {}\nsteps: [{at: soon}]", "scenario", 1),
        ("scenarios/x.yaml", b"!!python/object/apply:os.system ['true']", "scenario", 1),
        ("profile.toml", b"a = ", "profile", 0),
        ("tables/x.csv", b"\xff", "table", 0),
        ("notes.doc", b"text", "unknown-file", 0),
        ("page.txt", b"<html/>", "not-bpmn", 1),
        ("rates.dmn", b"<definitions xmlns='urn:x'/>", "dmn", 1),
    ],
)
def test_a_file_that_cannot_be_read_becomes_a_problem(
    path: str, data: bytes, rule: str, line: int, context: CheckContext
) -> None:
    found = check_set({path: data}, replace(context, handlers={}, signatures={}))

    assert [(one.file, one.rule, one.line) for one in found] == [(path, rule, line)]


DMN = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="x">
<decision id="rate"><decisionTable id="table" hitPolicy="{policy}">
<rule id="r"><inputEntry id="i"><text>{entry}</text></inputEntry></rule></decisionTable></decision></definitions>"""


@pytest.mark.parametrize(
    ("policy", "entry", "found"),
    [
        ("FIRST", "1", set()),
        ("COLLECT", '"a..b"', set()),
        ("UNIQUE", "1", {"dmn-hit-policy"}),
        ("PRIORITY", "1", {"dmn-hit-policy"}),
        ("FIRST", "[1..5]", {"dmn-feel"}),
        ("FIRST", "not(3)", {"dmn-feel"}),
    ],
)
def test_a_decision_table_is_refused_where_the_library_would_misread_it(
    policy: str, entry: str, found: set[str], context: CheckContext
) -> None:
    data = DMN.format(policy=policy, entry=entry).encode()

    assert {one.rule for one in check_set({"rates.dmn": data}, replace(context, signatures={}, handlers={}))} == found


def test_the_context_of_a_set_is_read_from_its_files() -> None:
    files = {
        "profile.toml": '[roles.head]\nru="Г"\nscope="organisation"\n[groups.team]\nru="Т"\n'
        '[profiles.KZ.terms."reply"]\nduration="P5D"\n[profiles.UZ.terms."reply"]\nduration="P7D"\n'.encode(),
        "requirements.csv": b"id,text\nC-001,x\n",
        "forms/a.json": b'{"type": "object"}',
        "forms/broken.json": b"{",
    }
    context = context_of(files, {})

    assert (dict(context.roles), context.groups, context.requirements) == (
        {"head": "organisation"},
        {"team"},
        {"C-001"},
    )
    assert context.terms == {"reply": {"P5D", "P7D"}}
    assert set(context.forms) == {"a.json"}
    assert CheckContext.from_json(json.loads(json.dumps(context.to_json()))) == context


def test_a_problem_has_the_seven_keys_of_the_command_line_and_can_be_translated(context: CheckContext) -> None:
    data = ONE_TASK.replace("papers.json", "paper.json").encode()
    (problem,) = check_set({"one.bpmn": data}, context)

    assert problem.as_dict() == {
        "file": "one.bpmn",
        "line": 29,
        "element": "check_papers",
        "severity": "error",
        "rule": "form-exists",
        "message": "Формы «paper.json» нет.",
        "cure": "Проверьте имя файла в processes/forms (похоже на «papers.json»).",
    }
    english = {"Формы «{form}» нет.": "There is no form {form}."}
    assert problem.as_dict(lambda text: english.get(text, text))["message"] == "There is no form paper.json."


def test_every_kind_of_file_that_a_published_set_holds_is_known(context: CheckContext) -> None:
    kinds = {f"{folder}/some{ending}": b"{}" for folder, endings in SET_FOLDERS.items() for ending in endings}
    assert "unknown-file" not in {problem.rule for problem in check_set(kinds, context)}
