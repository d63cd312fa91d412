"""What is installed, and from what."""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = {"bot", "config", "handlers", "sources", "store", "summaries"}


@pytest.mark.parametrize("lock", sorted(ROOT.glob("requirements*.lock")), ids=lambda path: path.name)
def test_a_lock_holds_no_address_and_no_path(lock: Path) -> None:
    """Whoever installs chooses the index; a lock says what, not where from."""
    offending = [
        line
        for line in lock.read_text().splitlines()
        if "://" in line or re.search(r"(^|\s)(\.{0,2}/|file:|-i |--)(?!hash)", line)
    ]
    assert offending == []


def test_every_locked_requirement_has_a_hash() -> None:
    """A requirement without a hash would be installed unchecked."""
    for lock in ROOT.glob("requirements*.lock"):
        requirements = [block for block in re.split(r"\n(?=\S)", lock.read_text().strip()) if not block.startswith("#")]
        assert requirements
        assert [block.split()[0] for block in requirements if "--hash=sha256:" not in block] == []


def test_no_dependency_installs_one_of_our_rooms() -> None:
    """Our six packages are top-level: another distribution with one of the names would shadow it."""
    owners = metadata.packages_distributions()
    assert {room: owners[room] for room in ROOMS if set(owners.get(room, [])) - {"onrecord"}} == {}
