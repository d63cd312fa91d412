"""Desks and chats on both databases."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.handlers.dialogue import Chat, desk_of, operator

if TYPE_CHECKING:
    from handlers.desk import Desk
    from store.database import Database

LOOKALIKE = Path(__file__).parents[1] / "data" / "lookalike.txt"


@pytest.fixture
def page() -> str:
    """Return a page as a person copies it: an invented one with the traps of a real one."""
    return LOOKALIKE.read_text(encoding="utf-8")


@pytest.fixture
def desk(opened: Database) -> Desk:
    """Return a desk that has read nothing."""
    return desk_of(opened)


@pytest.fixture
async def chat(desk: Desk) -> Chat:
    """Return the operator's private chat."""
    return await operator(desk)


@pytest.fixture
async def pasted(chat: Chat, page: str) -> Chat:
    """Return a private chat in which a page was pasted."""
    await chat.says(page, "Belsky says")
    return chat
