"""What any transaction may fail by, whatever it does: the database is away, full, broken, or busy for too long."""

from __future__ import annotations

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

FAILURES = (DBAPIError, PoolTimeoutError, TimeoutError)
"""Of the driver; no connection of the pool came free; the turn to write did not come."""
