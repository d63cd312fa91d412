"""A limit to the memory of a process that reads what strangers wrote."""

from __future__ import annotations

from contextlib import suppress


def limit_memory(size: int) -> None:
    """Let the system refuse this process private memory above ``size`` bytes, where it can (Linux; others do not)."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - Windows has none

        resource.setrlimit(resource.RLIMIT_DATA, (size, size))
