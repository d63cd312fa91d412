"""A command loads what it needs, and no more: start-up counts."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from store.database import address_of
from store.migrating import migrate

if TYPE_CHECKING:
    from pathlib import Path

NOT_OF_THE_STORE = ("aiohttp", "alembic", "apscheduler", "slack_sdk", "telegram")
HEAVY = ("aiohttp", "alembic", "apscheduler", "slack_sdk", "sqlalchemy", "telegram")


@pytest.mark.parametrize("modules", ["bot.cli", "bot.brief", "bot.extract"])
def test_pages_are_briefed_without_the_bot(modules: str) -> None:
    """Neither a client nor the database is loaded for what the command line does by itself."""
    code = f"import sys, {modules}; print([name for name in {HEAVY} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout == "[]\n"


@pytest.mark.parametrize(
    "line", ["speakers", "quotes vos", "summary 1", "stories", "sources list", "outbox", "export", "forget --article 1"]
)
def test_what_is_kept_is_shown_without_a_client(tmp_path: Path, line: str) -> None:
    """Where tables are up to date and nobody is dialled, neither migrations nor HTTP are loaded."""
    migrate(address_of(f"sqlite:///{tmp_path / 'onrecord.db'}"))
    code = f"""
import sys
from bot.cli import main
sys.argv = ["onrecord", *{line.split()}]
try:
    main()
except SystemExit:
    print([name for name in {NOT_OF_THE_STORE} if name in sys.modules], file=sys.stderr)
"""
    env = os.environ | {"ONRECORD_DATA_DIR": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=env, text=True)
    assert done.stderr.splitlines()[-1] == "[]"
