"""The tables: what is remembered, and nothing about why.

Instants are ISO 8601 text in UTC with microseconds (`2026-03-01T09:00:00.000000+00:00`), so that they sort as text on
every database. Days are ISO dates as text. JSON is TEXT, written once and read back as it was.
"""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

setting = Table(
    "setting",
    metadata,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)
"""One row a fact about the installation (`organisation`, `sample`)."""

# People -------------------------------------------------------------------------------------------------------------

user = Table(
    "user",
    metadata,
    Column("login", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("email", String),
    Column("password_hash", String),
    Column("active", Boolean, nullable=False, default=True),
    Column("locale", String, nullable=False, default="ru"),
    Column("session_stamp", Integer, nullable=False, default=0),
)
"""A person; without a password hash the person cannot sign in. A new `session_stamp` ends all sessions."""

user_role = Table(
    "user_role",
    metadata,
    Column("login", ForeignKey("user.login", ondelete="CASCADE"), primary_key=True),
    Column("role", String, primary_key=True),
    Index("ix_user_role_role", "role"),
)

register_row = Table(
    "register_row",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("register", String, nullable=False),
    Column("fields", Text, nullable=False),
    Index("ix_register_row_register", "register"),
)
"""Reference facts of the body (`competence`, `tie`, `accreditation_scope`, `training`), one JSON object a row."""

# Published diagrams -------------------------------------------------------------------------------------------------

blob = Table(
    "blob",
    metadata,
    Column("sha256", String(64), primary_key=True),
    Column("content", LargeBinary, nullable=False),
)
"""Content by its hash: diagrams, forms, uploads, PDFs."""

diagram_set = Table(
    "diagram_set",
    metadata,
    Column("hash", String(64), primary_key=True),
    Column("created_at", String, nullable=False),
)
"""A set of diagrams, forms, tables and profile that belong together, named by the hash of its contents."""

diagram_file = Table(
    "diagram_file",
    metadata,
    Column("set_hash", ForeignKey("diagram_set.hash"), primary_key=True),
    Column("path", String, primary_key=True),
    Column("sha256", ForeignKey("blob.sha256"), nullable=False),
)

publication = Table(
    "publication",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("set_hash", ForeignKey("diagram_set.hash"), nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("note", Text, nullable=False, default=""),
)
"""The newest row names the set with which new cases begin."""

set_coverage = Table(
    "set_coverage",
    metadata,
    Column("set_hash", ForeignKey("diagram_set.hash"), primary_key=True),
    Column("basis", String(64), nullable=False),
    Column("at", String, nullable=False),
    Column("json", Text, nullable=False),
)
"""What the scenarios prove of a set, worked out once. `basis` is the hash of the scenarios and of the program's rules:
where they are others today, the proof is worked out anew."""

diagram_draft = Table(
    "diagram_draft",
    metadata,
    Column("path", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
    Column("base_hash", String(64)),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
)
"""A diagram (or form) being edited; `base_hash` is the published set that it was taken from."""

# Cases --------------------------------------------------------------------------------------------------------------

case = Table(
    "case",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("number", String, nullable=False, unique=True),
    Column("process", String, nullable=False),
    Column("set_hash", ForeignKey("diagram_set.hash"), nullable=False),
    Column("profile", String, nullable=False),
    Column("readings", Text, nullable=False, default="{}"),
    Column("subject", String, nullable=False, default=""),
    Column("status", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("parent_id", ForeignKey("case.id")),
    Column("started_at", String, nullable=False),
    Column("started_by", String, nullable=False),
    Column("ended_at", String),
    Column("engine_head", Text, nullable=False, default="{}"),
    Index("ix_case_process_status", "process", "status"),
    Index("ix_case_parent_id", "parent_id"),
    Index("ix_case_status_id", "status", "id"),
)
"""`status`: open, ended, incident. `version` grows by one with each step. `subject` is what people call the case."""

case_value = Table(
    "case_value",
    metadata,
    Column("case_id", ForeignKey("case.id"), primary_key=True),
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),
)
"""The case's current data, one top-level key a row, so that a step writes only the keys it changed."""

engine_task = Table(
    "engine_task",
    metadata,
    Column("case_id", ForeignKey("case.id"), primary_key=True),
    Column("task_id", String(36), primary_key=True),
    Column("body", Text, nullable=False),
)
"""The engine's own state, one row a task of its tree; only rows that changed are written."""

open_task = Table(
    "open_task",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("process", String, nullable=False),
    Column("element", String, nullable=False),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("scope", String, nullable=False),
    Column("assignee", String),
    Column("reserved_for", String),
    Column("form", String, nullable=False),
    Column("excludes", String, nullable=False, default=""),
    Column("on_behalf", String),
    Column("opened_at", String, nullable=False),
    Column("due_at", String),
    Column("claimed_at", String),
    Column("data_key", String, nullable=False),
    Index("ix_open_task_case_id", "case_id"),
    Index("ix_open_task_assignee", "assignee", "due_at"),
    Index("ix_open_task_role", "role", "due_at"),
    Index("ix_open_task_on_behalf", "on_behalf", "due_at"),
    Index("ix_open_task_due_at", "due_at"),
)
"""A user task that waits. `role` with `scope` (organisation, case) says who may do it; `reserved_for` is the one person
of a multi-instance task; `data_key` is the case-data key its form folds into."""

planned_case = Table(
    "planned_case",
    metadata,
    Column("key", String, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("process", String, nullable=False),
    Column("profile", String),
    Column("data", Text, nullable=False),
    Column("opens_at", String, nullable=False),
    Column("planned_at", String, nullable=False),
    Column("opened_case_id", ForeignKey("case.id")),
    Column("cancelled_at", String),
    Index("ix_planned_case_case_id", "case_id"),
    Index("ix_planned_case_opens_at", "opens_at"),
)
"""A case that opens by itself at `opens_at`; `case_id` is the case that planned it and will be its parent."""

message = Table(
    "message",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False, unique=True),
    Column("message", String, nullable=False),
    Column("from_case_id", ForeignKey("case.id"), nullable=False),
    Column("to_case_id", ForeignKey("case.id"), nullable=False),
    Column("element", String, nullable=False),
    Column("data", Text, nullable=False),
    Column("told_at", String, nullable=False),
    Column("status", String, nullable=False),
    Column("settled_at", String),
    Index("ix_message_status", "status", "id"),
    Index("ix_message_to_case_id", "to_case_id"),
    Index("ix_message_from_case_id", "from_case_id"),
)
"""What a case tells the one that opened it. `status`: waiting, delivered, unclaimed (the case had ended).

`key` is said once, so that a message is never delivered twice.
"""

awaited_message = Table(
    "awaited_message",
    metadata,
    Column("task_id", String(36), primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("element", String, nullable=False),
    Column("message", String, nullable=False),
    Column("since", String, nullable=False),
    Index("ix_awaited_message_case_id", "case_id"),
)
"""A message event that waits: looking for what can be delivered restores no case."""

submission = Table(
    "submission",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("task_id", String(36)),
    Column("element", String, nullable=False),
    Column("form", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("on_behalf_of", String),
    Column("at", String, nullable=False),
    Column("set_hash", String(64), nullable=False),
    Column("values", Text, nullable=False),
    Column("key", String, unique=True),
    Column("result", Text),
    Index("ix_submission_case_id", "case_id", "id"),
    Index("ix_submission_task_id", "task_id"),
)
"""A form exactly as it was handed in; `set_hash` gives the version of the form.

`key` is the idempotency key of the command and `result` its answer: a repeated POST finds both and does nothing."""

draft = Table(
    "draft",
    metadata,
    Column("task_id", String(36), primary_key=True),
    Column("login", String, primary_key=True),
    Column("values", Text, nullable=False),
    Column("at", String, nullable=False),
)
"""A half-filled form; it goes when the task does."""

attachment = Table(
    "attachment",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("case_id", ForeignKey("case.id")),
    Column("task_id", String(36)),
    Column("filename", String, nullable=False),
    Column("media_type", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", ForeignKey("blob.sha256"), nullable=False),
    Column("by", String, nullable=False),
    Column("at", String, nullable=False),
    Index("ix_attachment_case_id", "case_id"),
    Index("ix_attachment_task_id", "task_id"),
)
"""An upload. Without a case it belongs to a start form that is still being filled by `by`."""

participant = Table(
    "participant",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("group", String, nullable=False),
    Column("login", String, nullable=False),
    Column("since", String, nullable=False),
    Column("until", String),
    Index("ix_participant_case_id", "case_id", "group"),
    Index("ix_participant_login", "login", "group"),
)
"""Who is who in the case; a row with `until` is over and stays as evidence."""

personal_link = Table(
    "personal_link",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), unique=True),
    Column("login", String, nullable=False, unique=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("email", String, nullable=False),
    Column("created_by", String, nullable=False),
    Column("created_at", String, nullable=False),
    Column("expires_at", String, nullable=False),
    Column("revoked_at", String),
    Column("revoked_by", String),
    Column("last_used_at", String),
    Column("message_id", String, unique=True),
    Index("ix_personal_link_case_id", "case_id"),
)
"""A way in for somebody without an account: the tasks of `role` in one case. The token itself is nowhere; its hash is
null while the letter `message_id`, which will carry it, waits to be sent. `login` (`link:...`) signs what is done."""

deadline = Table(
    "deadline",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("task_id", String(36)),
    Column("element", String, nullable=False),
    Column("term", String, nullable=False),
    Column("title", String, nullable=False),
    Column("start_on", String, nullable=False),
    Column("duration", String, nullable=False),
    Column("day_type", String, nullable=False),
    Column("roll", String, nullable=False),
    Column("calendar", String, nullable=False),
    Column("reading", String, nullable=False),
    Column("source", String, nullable=False),
    Column("confidence", String, nullable=False),
    Column("due_on", String, nullable=False),
    Column("due_at", String, nullable=False),
    Column("status", String, nullable=False),
    Column("closed_at", String),
    Index("ix_deadline_case_id", "case_id"),
    Index("ix_deadline_status", "status", "due_at"),
)
"""`status`: running, met, missed (still open or done late), cancelled."""

timer = Table(
    "timer",
    metadata,
    Column("task_id", String(36), primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("element", String, nullable=False),
    Column("due_at", String, nullable=False),
    Index("ix_timer_due_at", "due_at"),
    Index("ix_timer_case_id", "case_id"),
)
"""A timer event that waits: looking for due ones restores no case."""

passage = Table(
    "passage",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("process", String, nullable=False),
    Column("element", String, nullable=False),
    Column("at", String, nullable=False),
    Index("ix_passage_case_id", "case_id"),
    Index("ix_passage_process", "process", "element"),
)
"""The way a case came: one row each time an element was completed, in order. `process` is the (sub-)diagram."""

# Evidence -----------------------------------------------------------------------------------------------------------

event = Table(
    "event",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("case_id", Integer),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("type", String, nullable=False),
    Column("element", String),
    Column("data", Text, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Index("ix_event_case_id", "case_id", "seq"),
)
"""What happened, hash-chained over the whole installation; see storage/chain.py."""

chain_head = Table(
    "chain_head",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("seq", Integer, nullable=False),
    Column("hash", String(64), nullable=False),
)
"""One row: the last link, so that a cut-off tail is seen."""

document = Table(
    "document",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("kind", String, nullable=False),
    Column("number", String, nullable=False),
    Column("title", String, nullable=False),
    Column("fields", Text, nullable=False),
    Column("signers", Text, nullable=False),
    Column("must_sign", Text, nullable=False, default="[]"),
    Column("confidential", Boolean, nullable=False),
    Column("element", String, nullable=False),
    Column("at", String, nullable=False),
    Column("by", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("pdf_sha256", ForeignKey("blob.sha256")),
    Column("template_sha256", String(64)),
    Index("ix_document_case_id", "case_id"),
    Index("ix_document_pdf_sha256", "pdf_sha256"),
)
"""A document that the procedure names; `sha256` is over its fields, `template_sha256` over its template.

It is printed once, soon after its step; until then `pdf_sha256` is null. `must_sign` is a list of logins."""

signature = Table(
    "signature",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("document_id", ForeignKey("document.id"), nullable=False),
    Column("login", String, nullable=False),
    Column("name", String, nullable=False),
    Column("office", String, nullable=False, default=""),
    Column("role", String, nullable=False, default=""),
    Column("via", String, nullable=False, default=""),
    Column("task_id", String(36)),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("subject", String),
    Column("serial", String),
    Column("signed_sha256", ForeignKey("blob.sha256")),
    Index("uq_signature_document_id", "document_id", "login", "role", "kind", unique=True),
)
"""That a person signed a document.

`kind`: step (completing the task `task_id` signs; `sha256` is of the document's contents, for its PDF may come later),
simple (the person entered the password again; `sha256` is of the printed PDF, as in the next) or pades (a key of the
person's; `subject` and `serial` of its certificate, `signed_sha256` the signed PDF).
`role` is the one that the person acted in, empty for nobody but themselves; `via` is empty, link (they came by a
personal link) or on_behalf (`login` entered what somebody else of that role had signed)."""

reminder = Table(
    "reminder",
    metadata,
    Column("deadline_id", ForeignKey("deadline.id"), primary_key=True),
    Column("stage", String, primary_key=True),
    Column("at", String, nullable=False),
)
letter = Table(
    "letter",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id")),
    Column("kind", String, nullable=False),
    Column("addressee", String, nullable=False),
    Column("subject", String, nullable=False),
    Column("body", Text, nullable=False),
    Column("message_id", String, nullable=False, unique=True),
    Column("due_on", String),
    Column("encloses", String),
    Column("created_at", String, nullable=False),
    Column("next_try_at", String),
    Column("attempts", Integer, nullable=False, default=0),
    Column("status", String, nullable=False, default="waiting"),
    Column("problem", Text),
    Column("sent_at", String),
    Column("sent_by", String),
    Column("proof", String),
    Column("attachment_id", ForeignKey("attachment.id")),
    Index("ix_letter_case_id", "case_id"),
    Index("ix_letter_next_try_at", "next_try_at"),
    Index("ix_letter_status", "status", "due_on"),
)
"""The outbox. `status`: waiting (the worker tries at `next_try_at`), printed (a file in the folder that a person has to
send), sent, refused (by the addressee's server, for good; `problem` says how). `sent_by` is the person who sent it.
`encloses` is JSON: the numbers of the documents of the case that go with it."""

record = Table(
    "record",
    metadata,
    Column("journal", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", String, nullable=False),
    Index("ix_record_case_id", "case_id"),
)
"""A row of a journal or register."""

record_version = Table(
    "record_version",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("journal", String, nullable=False),
    Column("key", String, nullable=False),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("fields", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("entered_at", String),
    Column("entry", String),
    Index("ix_record_version_journal", "journal", "key", "id"),
)
"""Every state in which a row of a journal was, in order.

`at` is the moment of the step that wrote it, `entered_at` that of its entry in the state information system, if there
is one, and `entry` the number of that entry."""

exchange_package = Table(
    "exchange_package",
    metadata,
    Column("id", String, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("document_id", ForeignKey("document.id"), unique=True),
    Column("version_id", ForeignKey("record_version.id"), unique=True),
    Column("object", String, nullable=False),
    Column("title", String, nullable=False),
    Column("state", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("due_at", String),
    Column("alerted_at", String),
    Column("next_try_at", String),
    Column("attempts", Integer, nullable=False, default=0),
    Column("problem", Text),
    Column("sha256", String(64)),
    Column("receipt", String),
    Column("entered_on", String),
    Column("confirmed_at", String),
    Column("confirmed_by", String),
    Column("attachment_id", ForeignKey("attachment.id")),
    Index("ix_exchange_package_state", "state", "due_at"),
    Index("ix_exchange_package_next_try_at", "next_try_at"),
    Index("ix_exchange_package_case_id", "case_id"),
)
"""What the state information system is given: a document, or a new state of a row of a register.

`state`: preparing (the worker writes its folder at `next_try_at`), waiting, confirmed. `due_at` is when a missing
confirmation is an alert, `sha256` that of its metadata file, which names the hashes of the others."""

incident = Table(
    "incident",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("case_id", ForeignKey("case.id"), nullable=False),
    Column("element", String, nullable=False),
    Column("error", Text, nullable=False),
    Column("trace", Text, nullable=False),
    Column("input", Text, nullable=False),
    Column("at", String, nullable=False),
    Column("retry_at", String),
    Column("resolved_at", String),
    Column("resolved_by", String),
    Index("ix_incident_case_id", "case_id"),
    Index("ix_incident_retry_at", "retry_at"),
)
"""A step that could not be done; `retry_at` is set when it is tried again by itself."""

number = Table(
    "number",
    metadata,
    Column("series", String, primary_key=True),
    Column("year", Integer, primary_key=True),
    Column("last", Integer, nullable=False),
)
"""The last number given in a series and year."""
