"""What several tests of the edge open."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.bot.newsroom import Newsroom, Site, polling_of
from tests.sources.servers import raw_server

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from store.database import Database


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    """Return a news site."""
    site = Site()
    async with raw_server(site.answer) as server:
        site.base = server.base
        yield site


@pytest.fixture
async def room(opened: Database, site: Site) -> AsyncIterator[Newsroom]:
    """Return a newsroom that follows nothing yet."""
    room = Newsroom(opened, site)
    async with polling_of(room) as room.polling:
        yield room
