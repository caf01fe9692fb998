"""Reading diagrams: what the model holds, which encodings load, and which files are refused before anybody looks."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from engine.diagram import Bounds, read_diagram
from engine.xml import UnreadableFile, normalise, parse_xml

REVIEW = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
    xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"
    id="definitions" targetNamespace="https://example.org/review">
  <bpmn:collaboration id="collaboration">
    <bpmn:participant id="pool" name="Орган" processRef="review" />
  </bpmn:collaboration>
  <bpmn:process id="review" name="Рассмотрение" isExecutable="true">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane_officer" name="Специалист">
        <bpmn:extensionElements><spiffworkflow:properties>
          <spiffworkflow:property name="role" value="officer" />
        </spiffworkflow:properties></bpmn:extensionElements>
        <bpmn:flowNodeRef>look</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>inner</bpmn:flowNodeRef>
      </bpmn:lane>
      <bpmn:lane id="lane_head" name="head"><bpmn:flowNodeRef>choice</bpmn:flowNodeRef></bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin" />
    <bpmn:userTask id="look" name="Рассмотреть">
      <bpmn:documentation>Прочитайте заявку.</bpmn:documentation>
      <bpmn:extensionElements><spiffworkflow:properties>
        <spiffworkflow:property name="formJsonSchemaFilename" value="look.json" />
        <spiffworkflow:property name="requirements" value="C-001 C-002" />
      </spiffworkflow:properties></bpmn:extensionElements>
      <bpmn:multiInstanceLoopCharacteristics>
        <bpmn:loopDataInputRef>voters</bpmn:loopDataInputRef><bpmn:inputDataItem id="voter" />
      </bpmn:multiInstanceLoopCharacteristics>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="late" attachedToRef="look" cancelActivity="false">
      <bpmn:timerEventDefinition><bpmn:timeDuration>P5D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:exclusiveGateway id="choice" default="no" />
    <bpmn:subProcess id="inner"><bpmn:serviceTask id="count"><bpmn:extensionElements>
      <spiffworkflow:serviceTaskOperator id="fees.count" resultVariable=""><spiffworkflow:parameters>
        <spiffworkflow:parameter id="rate" type="int" value="12" />
      </spiffworkflow:parameters></spiffworkflow:serviceTaskOperator>
    </bpmn:extensionElements></bpmn:serviceTask></bpmn:subProcess>
    <bpmn:endEvent id="done"><bpmn:errorEventDefinition errorRef="lost" /></bpmn:endEvent>
    <bpmn:sequenceFlow sourceRef="begin" targetRef="look" />
    <bpmn:sequenceFlow id="to_choice" sourceRef="look" targetRef="choice" />
    <bpmn:sequenceFlow id="yes" sourceRef="choice" targetRef="inner">
      <bpmn:conditionExpression> look.answer == 'yes' </bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="no" sourceRef="choice" targetRef="done" />
  </bpmn:process>
  <bpmn:error id="lost" errorCode="LOST" />
  <bpmndi:BPMNDiagram id="drawing"><bpmndi:BPMNPlane id="plane" bpmnElement="collaboration">
    <bpmndi:BPMNShape id="look_di" bpmnElement="look"><dc:Bounds x="10" y="20" width="100" height="80" />
      <bpmndi:BPMNLabel><dc:Bounds x="1" y="2" width="3" height="4" /></bpmndi:BPMNLabel></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="count_di" bpmnElement="count">
      <dc:Bounds x="wide" y="20" width="1" height="1" /></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="yes_di" bpmnElement="yes">
      <di:waypoint x="1" y="2" /><di:waypoint x="3.5" y="2" /></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram>
</bpmn:definitions>
"""


def test_the_model_says_what_the_file_says() -> None:
    diagram = read_diagram("review.bpmn", REVIEW.encode())
    process = diagram.process("review")
    look, late, count = process.node["look"], process.node["late"], process.node["count"]

    assert (process.name, process.line, process.is_executable) == ("Рассмотрение", 9, True)
    assert [(lane.id, lane.role, lane.role_is_declared) for lane in process.lanes] == [
        ("lane_officer", "officer", True),
        ("lane_head", "head", False),
    ]
    assert (look.kind, look.role, look.line, look.documentation) == ("userTask", "officer", 21, "Прочитайте заявку.")
    assert look.requirements == ("C-001", "C-002")
    assert look.loop is not None
    assert (look.loop.kind, look.loop.collection, look.loop.item) == ("parallel", "voters", "voter")
    assert (late.attached_to, late.interrupting) == ("look", False)
    assert [(event.kind, event.time_kind, event.time) for event in late.events] == [("timer", "timeDuration", "P5D")]
    assert (count.scope, count.role) == ("inner", "officer")
    assert count.operator is not None
    assert (count.operator.name, dict(count.operator.parameters)) == ("fees.count", {"rate": "12"})
    assert process.node["done"].events[0].code == "LOST"
    assert process.flow["yes"].condition == "look.answer == 'yes'"
    assert process.flow["no"].is_default
    assert process.successors["look"] == ("choice", "late")
    assert diagram.shape["look"].bounds == Bounds(x=10, y=20, width=100, height=80)
    assert diagram.shape["look"].label == Bounds(x=1, y=2, width=3, height=4)
    assert "count" not in diagram.shape
    assert list(diagram.edge["yes"].points) == [(1, 2), (3.5, 2)]
    assert ("fees.count" in diagram.foreign_ids, diagram.items[0].ref) == (True, "review")


def test_a_flow_without_an_id_gets_one_and_is_reported() -> None:
    diagram = read_diagram("review.bpmn", REVIEW.encode())

    assert diagram.unnamed_flows == (("sequenceFlow_begin_look", 41),)
    assert diagram.process("review").node["look"].incoming == ("sequenceFlow_begin_look",)


def test_a_given_id_is_never_one_that_is_taken() -> None:
    root = parse_xml(REVIEW.replace('id="to_choice"', 'id="sequenceFlow_begin_look"').encode())
    normalise(root)

    flows = [flow.get("id") for flow in root.iter("{*}sequenceFlow")]
    assert flows[:2] == ["sequenceFlow_begin_look_2", "sequenceFlow_begin_look"]
    assert etree.tostring(normalise(root)) == etree.tostring(root)


def test_properties_and_parameters_get_what_the_library_demands() -> None:
    root = normalise(parse_xml(REVIEW.replace(' type="int"', "").replace(' value="look.json"', "").encode()))

    assert [one.get("type") for one in root.iter("{*}parameter")] == ["str"]
    assert [one.get("value") for one in root.iter("{*}property")] == ["officer", "", "C-001 C-002"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "windows-1251"])
def test_every_encoding_that_the_file_declares_loads(encoding: str) -> None:
    declared = encoding.removesuffix("-sig")
    data = REVIEW.replace('encoding="UTF-8"', f'encoding="{declared}"').encode(encoding)

    assert read_diagram("review.bpmn", data).process("review").node["look"].name == "Рассмотреть"


@pytest.mark.parametrize("encoding", ["iso-8859-1", "windows-1252"])
def test_western_encodings_load(encoding: str) -> None:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    )
    text += '<process id="p" name="Überprüfung"><task id="t"/></process></definitions>'

    assert read_diagram("p.bpmn", text.encode(encoding)).process("p").name == "Überprüfung"


LAUGHS = "<!DOCTYPE d [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY {name} '{f'&{before};' * 10}'>" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"", "xml"),
        (b"   \n", "xml"),
        (b"PK\x03\x04\x14\x00\x00\x00", "xml"),
        (bytes(range(256)) * 40, "xml"),
        (b"<definitions", "xml"),
        (b"<?xml version='1.0' encoding='martian'?><d/>", "xml"),
        (REVIEW.encode()[:2000], "xml"),
        ((LAUGHS + "]><d>&i;</d>").encode(), "doctype"),
        ((LAUGHS + "]><d>&i;</d>").encode("utf-16"), "doctype"),
        (b"<!DOCTYPE d SYSTEM 'http://127.0.0.1:9/d.dtd'><d/>", "doctype"),
        (b"<!DOCTYPE d [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><d>&x;</d>", "doctype"),
        (b"<!DOCTYPE html><html><body>no</body></html>", "doctype"),
        (b"<html><body>no</body></html>", "not-bpmn"),
        (b"<Package xmlns='http://www.wfmc.org/2009/XPDL2.2'/>", "not-bpmn"),
        (b"<definitions xmlns='http://schema.omg.org/spec/BPMN/1.2'/>", "namespace"),
        (b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'/>", "empty-model"),
        (
            b"<definitions xmlns='http://www.omg.org/spec/BPMN/20100524/MODEL'><process id='p'/></definitions>",
            "empty-model",
        ),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "xml"),
        (b"<a x='" + b"y" * 50_000_000 + b"'/>", "too-large"),
    ],
)
def test_a_file_that_is_no_diagram_is_refused_by_name_and_quickly(data: bytes, rule: str) -> None:
    began = time.process_time()
    with pytest.raises(UnreadableFile) as caught:
        read_diagram("file.bpmn", data)

    assert caught.value.rule == rule
    assert caught.value.cure
    assert str(caught.value)
    assert time.process_time() - began < 2


def test_a_syntax_error_names_its_line() -> None:
    with pytest.raises(UnreadableFile) as caught:
        read_diagram("review.bpmn", REVIEW.replace("</bpmn:userTask>", "").encode())
    assert caught.value.line == 47


def test_an_entity_is_neither_expanded_nor_accepted_in_an_attribute() -> None:
    with pytest.raises(UnreadableFile):
        parse_xml(b"<d a='&unknown;'/>")
