"""What a BPMN file says, as frozen values with source lines: nodes, flows, lanes, bindings, and how it is drawn.

Reading judges nothing: odd and forbidden things are kept as they are written, so that `engine.check` can name them.
The map page, coverage and the engine read diagrams through this model too.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

TASKS = frozenset(
    {"task", "userTask", "manualTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask"}
)
SUBPROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = TASKS | SUBPROCESSES | {"callActivity"}
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "complexGateway", "eventBasedGateway"})
EVENTS = frozenset({"startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent"})
CHOREOGRAPHY = frozenset({"choreographyTask", "subChoreography", "callChoreography", "implicitThrowEvent"})
NODES = ACTIVITIES | GATEWAYS | EVENTS | CHOREOGRAPHY


@dataclass(frozen=True, slots=True, kw_only=True)
class EventDefinition:
    """One event definition of an event: what is waited for or thrown."""

    kind: str
    """`timer`, `message`, `error`, `signal`, `link`, `compensate`, `escalation`, `conditional`, `cancel`,
    `terminate`, `reference` (an eventDefinitionRef), or the element's own name if the standard has no such."""
    line: int
    ref: str = ""
    """Id of the error, message, signal or escalation that is referred to."""
    code: str | None = None
    """Error or escalation code, or the name of the message or signal; None where the reference is missing."""
    time_kind: str = ""
    """`timeDuration`, `timeDate` or `timeCycle` of a timer."""
    time: str = ""
    """The literal of a timer, or the condition of a conditional event."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operator:
    """The handler that a service task calls."""

    name: str
    parameters: Mapping[str, str]
    """Name -> Python or JSON literal, as written."""
    line: int
    result_variable: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loop:
    """Loop or multi-instance marker of an activity."""

    kind: str
    """`parallel`, `sequential` or `standard`."""
    line: int
    cardinality: str | None = None
    collection: str | None = None
    """Text of loopDataInputRef: a key of the case data."""
    item: str = ""
    condition: str | None = None
    """Completion condition of a multi-instance, loop condition of a standard loop."""
    maximum: str | None = None
    behavior: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One flow node."""

    id: str
    kind: str
    """The element's BPMN name, such as `userTask`."""
    name: str
    line: int
    scope: str
    """Id of the process or sub-process that directly holds the node."""
    lane: str = ""
    """Id of the innermost lane, inherited from the sub-process that holds the node."""
    role: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    documentation: str = ""
    incoming: tuple[str, ...] = ()
    """Ids of the flows whose targetRef is this node, in the file's order."""
    outgoing: tuple[str, ...] = ()
    default: str = ""
    attached_to: str = ""
    interrupting: bool = True
    events: tuple[EventDefinition, ...] = ()
    called_element: str | None = None
    operator: Operator | None = None
    loop: Loop | None = None
    scripts: Mapping[str, str] = field(default_factory=dict)
    """Executable text by the name of its element (`script`, `preScript`, `instructionsEndUser`, ...)."""
    attributes: Mapping[str, str] = field(default_factory=dict)
    """Every plain attribute, for what has no field of its own."""
    data_refs: tuple[str, ...] = ()
    """Ids named by data associations."""

    @property
    def event(self) -> EventDefinition | None:
        """The first event definition, None for a plain event."""
        return self.events[0] if self.events else None

    @property
    def requirements(self) -> tuple[str, ...]:
        """Ids of the requirements that the node fulfils."""
        return tuple(self.properties.get("requirements", "").split())

    @property
    def is_start(self) -> bool:
        """Whether the flow begins here without a flow that comes in."""
        return self.kind in ("startEvent", "boundaryEvent") or self.attributes.get("triggeredByEvent") == "true"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One sequence flow."""

    id: str
    name: str
    source: str
    target: str
    line: int
    scope: str
    condition: str | None = None
    language: str = ""
    is_default: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One lane with the nodes that it names itself (not those of lanes inside it)."""

    id: str
    name: str
    role: str
    nodes: tuple[str, ...]
    line: int
    parent: str = ""
    role_is_declared: bool = False
    """Whether a `role` property says so, or the role was taken from the name or id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """Something that is no flow node: data object, data reference, message flow, participant, unknown element."""

    id: str
    kind: str
    name: str
    line: int
    scope: str = ""
    source: str = ""
    target: str = ""
    ref: str = ""


@dataclass(frozen=True, kw_only=True)
class Process:
    """One process with everything inside, sub-processes included (see `Node.scope`)."""

    id: str
    name: str
    line: int
    is_executable: bool
    documentation: str = ""
    properties: Mapping[str, str] = field(default_factory=dict)
    lanes: tuple[Lane, ...] = ()
    nodes: tuple[Node, ...] = ()
    flows: tuple[Flow, ...] = ()
    items: tuple[Item, ...] = ()

    @cached_property
    def node(self) -> Mapping[str, Node]:
        """Nodes by id; of duplicates the first."""
        return {node.id: node for node in reversed(self.nodes)}

    @cached_property
    def flow(self) -> Mapping[str, Flow]:
        """Flows by id; of duplicates the first."""
        return {flow.id: flow for flow in reversed(self.flows)}

    @cached_property
    def boundary(self) -> Mapping[str, tuple[Node, ...]]:
        """Boundary events by the activity that they are attached to."""
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            if node.attached_to:
                found.setdefault(node.attached_to, []).append(node)
        return {activity: tuple(events) for activity, events in found.items()}

    @cached_property
    def successors(self) -> Mapping[str, tuple[str, ...]]:
        """Node id -> ids that a token can reach next: along flows, and from an activity to its boundary events."""
        following: dict[str, list[str]] = {node.id: [] for node in self.nodes}
        for flow in self.flows:
            if flow.source in following and flow.target in following:
                following[flow.source].append(flow.target)
        for activity, events in self.boundary.items():
            following.setdefault(activity, []).extend(event.id for event in events)
        return {node: tuple(targets) for node, targets in following.items()}

    def in_scope(self, scope: str) -> Iterator[Node]:
        """Yield the nodes that a process or sub-process holds directly."""
        return (node for node in self.nodes if node.scope == scope)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """A rectangle in the units of the drawing; y grows downwards."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a node, lane, pool or data object is drawn."""

    element: str
    bounds: Bounds
    line: int
    label: Bounds | None = None
    is_horizontal: bool = True
    is_expanded: bool = False
    plane: str = ""
    """The element whose plane (drawing page) the shape is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    """How a flow is drawn."""

    element: str
    points: tuple[tuple[float, float], ...]
    line: int
    label: Bounds | None = None
    plane: str = ""


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """One file."""

    path: str
    processes: tuple[Process, ...]
    items: tuple[Item, ...] = ()
    """Participants, message flows, groups and annotations, and root elements that are not processes."""
    shapes: tuple[Shape, ...] = ()
    edges: tuple[Edge, ...] = ()
    ids: tuple[tuple[str, int], ...] = ()
    """Every id of the standard's own elements with its line, in the file's order."""
    foreign_ids: Mapping[str, int] = field(default_factory=dict)
    """Ids of extension elements inside processes -> line; the library mixes them up with those of nodes."""
    unnamed_flows: tuple[tuple[str, int], ...] = ()
    """Flows that had no id in the file: the id they were given and their line."""
    texts: tuple[tuple[str, str, int], ...] = ()
    """(nearest element id, text, line) of every text and attribute that holds a template mark."""

    @cached_property
    def shape(self) -> Mapping[str, Shape]:
        """Shapes by the id of their element."""
        return {shape.element: shape for shape in reversed(self.shapes)}

    @cached_property
    def edge(self) -> Mapping[str, Edge]:
        """Edges by the id of their element."""
        return {edge.element: edge for edge in reversed(self.edges)}

    def process(self, process_id: str) -> Process:
        """Return the process of this id; raises KeyError."""
        for process in self.processes:
            if process.id == process_id:
                return process
        raise KeyError(process_id)


def read_diagram(path: str, data: bytes) -> Diagram:
    """Return the model of a BPMN file; raises engine.xml.UnreadableFile if it is none.

    `path` only names the file. Ids that `engine.xml.normalise` gives to flows without one appear here too.
    """
    from engine.diagram_reader import read

    return read(path, data)
