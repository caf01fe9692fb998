"""Incidents: where a case stopped, until somebody or time lets it go on. A step raises them (`engine.commit`)."""

from __future__ import annotations

from sqlalchemy import Connection, select, update

from storage.reading.rows import Row, first
from storage.tables import incident


def open_incident(connection: Connection, incident_id: int) -> Row | None:
    """Read an incident that is not resolved."""
    query = select(incident).where(incident.c.id == incident_id, incident.c.resolved_at.is_(None))
    return first(connection, query)


def resolve_incident(connection: Connection, incident_id: int, at: str, by: str) -> None:
    """Mark an incident as resolved."""
    statement = update(incident).where(incident.c.id == incident_id)
    connection.execute(statement.values(resolved_at=at, resolved_by=by, retry_at=None))


def resolve_incidents(connection: Connection, case_id: int, at: str, by: str) -> None:
    """Mark every open incident of a case as resolved."""
    statement = update(incident).where(incident.c.case_id == case_id, incident.c.resolved_at.is_(None))
    connection.execute(statement.values(resolved_at=at, resolved_by=by, retry_at=None))
