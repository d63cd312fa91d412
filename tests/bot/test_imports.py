"""A command loads what it needs, and no more: start-up counts."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = ("aiohttp", "alembic", "apscheduler", "slack_sdk", "sqlalchemy", "telegram")


@pytest.mark.parametrize("modules", ["bot.cli", "bot.brief", "bot.extract"])
def test_pages_are_briefed_without_the_bot(modules: str) -> None:
    """Neither a client nor the database is loaded for what the command line does by itself."""
    code = f"import sys, {modules}; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"
