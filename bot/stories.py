"""``onrecord stories``: articles in, their stories out, one JSON object a line.

A filter for corpora and benchmarks, as ``extract`` is: order is kept, a bad line gets an ``error`` and the run goes on,
and memory stays bounded however many lines come.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from bot.engine import load_story_words
from bot.json_lines import BadLineError, has_id, line_of, object_of
from summaries.stories import StoryPlacer, StoryText

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)  # of undated lines before the first dated one


def story_lines(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Yield one JSON line for each input line that is not blank, in order.

    Args:
        lines: JSON objects with ``id``, ``title``, ``text`` and ``published_at``, UTF-8. A title or a text may be
            missing, not both; an article without a time is taken to be as old as the one before.
    """
    placer, at = StoryPlacer(load_story_words()), _LONG_AGO
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        found: dict[str, object] = {"id": None, "story": None, "copy_of": None, "error": None}
        try:
            given = object_of(line)
            found["id"] = given.get("id")
            article = _article(given, at)
        except BadLineError as exc:
            where = "" if found["id"] is not None else f"line {number}: "
            found["error"] = f"{where}{exc}"
        else:
            at = article.published_at
            placement = placer.place(article)
            found |= {"story": placement.story_id, "copy_of": placement.copy_of}
        yield line_of(found)


def _article(given: dict[str, Any], before: datetime) -> StoryText:
    """Return the article of an input object; ``before`` is its time where it gives none."""
    title, text = given.get("title"), given.get("text")
    if not has_id(given) or not (title or text):
        msg = 'an object with "id" and "title" or "text" is needed'
        raise BadLineError(msg)
    for name in ("title", "text", "published_at"):
        if not isinstance(given.get(name), str | None):
            msg = f'"{name}" is not a string'
            raise BadLineError(msg)
    return StoryText(str(given["id"]), title or "", text or "", _moment(given.get("published_at"), before))


def _moment(printed: str | None, before: datetime) -> datetime:
    if printed is None:
        return before
    try:
        moment = datetime.fromisoformat(printed)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        msg = f'"published_at" is not a time as in ISO 8601: {printed[:40]!r}'
        raise BadLineError(msg) from exc
