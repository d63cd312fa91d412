"""Clean articles about invented people, and the engine that reads them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

from bot.engine import load_engine
from summaries.analysis import analyse_text

if TYPE_CHECKING:
    from summaries.engine import Engine
    from summaries.values import Analysis

NOW = datetime(2026, 9, 6, 8, tzinfo=UTC)

DAM = """Dam at Vessin holds through the night

The old dam above Vessin held on Friday after three days of rain, engineers said.

“The dam held because the rain stopped at midnight,” chief engineer Ana Pardo told reporters at the site.

“Next time we may not be so lucky.”

Mayor Piet Vos said the town would not wait for the capital. “We will rebuild the gates before winter,” Vos said.

Vos called the ministry’s plan “a paper umbrella”, and asked for money by October."""

HARBOUR = """Harbour fees rise in spring

Harbour fees in Lenn will rise in spring, the port said on Saturday.

“Nobody likes a bill, but the quay needs new walls,” said Piet Vos, who is mayor of Vessin and sits on the port’s board."""


@cache
def engine() -> Engine:
    """Return the engine that is shipped; it never changes, so one is enough."""
    return load_engine()


def analysis_of(
    text: str, *, url: str | None, outlet: str = "Vessin Post", at: datetime = NOW, read_at: datetime | None = None
) -> Analysis:
    """Return the analysis of a clean article whose first line is its title, read when it was printed if not said."""
    title = text.partition("\n")[0]
    return analyse_text(text, engine(), now=read_at or at, title=title, url=url, outlet=outlet, published_at=at)
