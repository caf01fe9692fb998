"""The way a case came, told from what it passed."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.diagram import Process, read_diagram
from web.map.order import in_flow_order
from web.map.way import way

HERE = Path(__file__).parent


def process_of(path: Path) -> Process:
    return read_diagram(path.name, path.read_bytes()).processes[0]


@pytest.fixture
def review() -> Process:
    """begin f1 check f2 decide f3 branch; f4 leads back to check, f5 to answer, f6 to done."""
    return process_of(HERE / "processes" / "review.bpmn")


@pytest.fixture
def side_by_side() -> Process:
    """begin to_fork fork; f1 check_papers, f2 decide; both meet in join."""
    return process_of(HERE.parent / "diagrams" / "valid-side-by-side.bpmn")


def test_the_way_leads_to_where_the_case_stands(review: Process) -> None:
    came = way(review, ["begin", "check"], waiting=["decide"])
    assert came.flows == {"f1", "f2"}
    assert came.passed == {"begin": 1, "check": 1}


def test_a_flow_to_something_that_was_not_reached_is_not_on_the_way(review: Process) -> None:
    assert way(review, ["begin", "check"]).flows == {"f1"}


def test_an_exclusive_gateway_was_left_by_the_branch_met_first_afterwards(review: Process) -> None:
    # The first round goes back to check, although answer is reached later too.
    came = way(review, ["begin", "check", "decide", "branch", "check", "decide"], waiting=["branch"])
    assert came.flows == {"f1", "f2", "f3", "f4"}


def test_a_loop_counts_every_round_and_keeps_every_flow(review: Process) -> None:
    rounds = ["check", "decide", "branch"]
    came = way(review, ["begin", *rounds, *rounds, "answer", "done"])
    assert came.passed["check"] == 2
    assert came.flows == {"f1", "f2", "f3", "f4", "f5", "f6"}


def test_all_branches_of_a_fork_are_on_the_way(side_by_side: Process) -> None:
    came = way(side_by_side, ["begin", "fork", "check_papers"], waiting=["decide"])
    assert {"f1", "f2"} <= came.flows


def test_what_belongs_to_another_diagram_is_left_out(review: Process) -> None:
    came = way(review, ["begin", "somewhere_else"], waiting=["nowhere"])
    assert came.passed == {"begin": 1}
    assert came.flows == frozenset()


def test_elements_are_listed_along_the_flow_and_a_way_back_does_not_count(review: Process) -> None:
    assert [node.id for node in in_flow_order(review)] == ["begin", "check", "decide", "branch", "answer", "done"]


def test_a_join_is_listed_after_all_its_branches(side_by_side: Process) -> None:
    listed = [node.id for node in in_flow_order(side_by_side)]
    assert listed.index("join") > max(listed.index("check_papers"), listed.index("decide"))


def test_every_element_of_every_shipped_diagram_is_listed_once() -> None:
    for path in sorted((HERE.parent.parent / "processes").glob("*.bpmn")):
        process = process_of(path)
        listed = [node.id for node in in_flow_order(process)]
        assert sorted(listed) == sorted(node.id for node in process.nodes), path.name
