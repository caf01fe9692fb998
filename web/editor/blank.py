"""The diagram with which a new process begins: small, complete, and ready to be drawn on."""

from __future__ import annotations

from xml.sax.saxutils import quoteattr

_TEMPLATE = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="{process}_definitions" targetNamespace="http://bpmn.io/schema/bpmn">
  <bpmn:collaboration id="{process}_collaboration">
    <bpmn:participant id="{process}_pool" name={title} processRef="{process}" />
  </bpmn:collaboration>
  <bpmn:process id="{process}" name={title} isExecutable="true">
    <bpmn:laneSet id="{process}_lanes">
      <bpmn:lane id="lane_officer" name="Ответственный исполнитель">
        <bpmn:extensionElements>
          <spiffworkflow:properties>
            <spiffworkflow:property name="role" value="officer" />
          </spiffworkflow:properties>
        </bpmn:extensionElements>
        <bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>first_task</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>done</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin" name="Начало">
      <bpmn:outgoing>to_first_task</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="first_task" name="Первая задача">
      <bpmn:incoming>to_first_task</bpmn:incoming>
      <bpmn:outgoing>to_done</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:endEvent id="done" name="Готово">
      <bpmn:incoming>to_done</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="to_first_task" sourceRef="begin" targetRef="first_task" />
    <bpmn:sequenceFlow id="to_done" sourceRef="first_task" targetRef="done" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="{process}_diagram">
    <bpmndi:BPMNPlane id="{process}_plane" bpmnElement="{process}_collaboration">
      <bpmndi:BPMNShape id="{process}_pool_di" bpmnElement="{process}_pool" isHorizontal="true">
        <dc:Bounds x="160" y="80" width="700" height="160" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="lane_officer_di" bpmnElement="lane_officer" isHorizontal="true">
        <dc:Bounds x="190" y="80" width="670" height="160" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="begin_di" bpmnElement="begin">
        <dc:Bounds x="242" y="142" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="238" y="185" width="44" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="first_task_di" bpmnElement="first_task">
        <dc:Bounds x="360" y="120" width="120" height="80" />
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="done_di" bpmnElement="done">
        <dc:Bounds x="562" y="142" width="36" height="36" />
        <bpmndi:BPMNLabel>
          <dc:Bounds x="561" y="185" width="38" height="14" />
        </bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="to_first_task_di" bpmnElement="to_first_task">
        <di:waypoint x="278" y="160" />
        <di:waypoint x="360" y="160" />
      </bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="to_done_di" bpmnElement="to_done">
        <di:waypoint x="480" y="160" />
        <di:waypoint x="562" y="160" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""  # noqa: E501  a file as modelling tools write it


def blank_diagram(process: str, title: str) -> bytes:
    """Return the first version of a diagram; `process` must be a plain name."""
    return _TEMPLATE.format(process=process, title=quoteattr(title)).encode()
