"""A briefing: what happened and who said what since the last one, as one message."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.digests import Notes, spoken_blocks
from summaries.message import Action, Actions, Block, Divider, Heading, Message, Paragraph, Run, Style
from summaries.origins import day_and_time, origin_runs, weekday_and_time

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from summaries.digests import Telling, Translator
    from summaries.statements import Statement
    from summaries.values import Article, Span

_MORNING_UNTIL = 11
_EVENING_FROM = 17
_PROOFS = 4
"""Quotes of a briefing that get a button of their own."""


@dataclass(frozen=True, slots=True)
class BriefedPage:
    """One article of a briefing.

    Attributes:
        sentences: Of the summary: offsets into the article's text.
        statements: What is shown of who said what; may be empty.
        also_in: Outlets with articles about the same event, in words of their own.
        number: Of the article in the store, for the button that shows all its quotes; None for none.
        same_words: Outlets that print the same article, or the same quotes of those that are shown.
    """

    article: Article
    sentences: tuple[Span, ...]
    statements: tuple[Statement, ...]
    also_in: tuple[str, ...] = ()
    number: int | None = None
    same_words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BriefingFacts:
    """What a briefing says of itself; times in the channel's zone.

    Attributes:
        at: The time it is for.
        since: The time of the one before, or where it begins to look.
        read: Articles read since then.
        sources: Sources that are followed.
        silent: How many of them gave nothing since then.
        next_at: When the next one comes; None where none is planned.
        set_up_by: Who wanted it; None where that is not known.
        sent_at: When it was made, if that was notably later than ``at``; else None.
        channel_name: How the channel is called; None for a private chat.
    """

    at: datetime
    since: datetime
    read: int
    sources: int
    silent: int
    next_at: datetime | None = None
    set_up_by: str | None = None
    sent_at: datetime | None = None
    channel_name: str | None = None


def briefing_message(pages: Sequence[BriefedPage], facts: BriefingFacts, telling: Telling) -> Message:
    """Return a briefing, or the one line that says that there is nothing new.

    Args:
        pages: The most important first.
        facts: What to say of the briefing itself.
        telling: How to tell it.

    Raises:
        NotVerbatimError: if a quote does not stand on its page.
    """
    t = telling.translator
    if not pages:
        return Message((Paragraph((Run(_nothing_new(facts, t)),)),))
    notes = Notes()
    blocks: list[Block] = [
        Heading((Run(_name(facts, t), Style.BOLD),)),
        Paragraph((Run(_extent(len(pages), facts, t), Style.SMALL),)),
    ]
    for page in pages:
        blocks += _page_blocks(page, telling, notes)
    end = list(notes.lines(t))
    # Where nothing is planned and no source is silent there is nothing to say.
    if outlook := _outlook(facts, t):
        end.append(Paragraph((Run(outlook, Style.SMALL),)))
    blocks += [Divider(), *end] if end else []
    blocks.append(_actions(pages, telling))
    return Message(tuple(blocks))


def _page_blocks(page: BriefedPage, telling: Telling, notes: Notes) -> list[Block]:
    t, article = telling.translator, page.article
    title = article.title or t.gettext("Untitled")
    blocks: list[Block] = [
        Divider(),
        Heading((Run(title, Style.BOLD, link=article.url, verbatim=article.title is not None),)),
    ]
    blocks += (Paragraph((Run(span.of(article.text), verbatim=True),)) for span in page.sentences)
    blocks += spoken_blocks(page.statements, telling, notes)
    origin = list(origin_runs(article, t, telling.zone))
    for words, outlets in ((t.gettext("same words in"), page.same_words), (t.gettext("also in"), page.also_in)):
        if outlets:
            origin.append(Run(f" · {words} ", Style.SMALL))
            origin.append(Run(", ".join(outlets), Style.SMALL, verbatim=True))
    blocks.append(Paragraph(tuple(origin)))
    return blocks


def _name(facts: BriefingFacts, t: Translator) -> str:
    """Return "Morning briefing, Saturday 6 September"."""
    hour = facts.at.hour
    if hour < _MORNING_UNTIL:
        name = t.gettext("Morning briefing")
    elif hour < _EVENING_FROM:
        name = t.gettext("Midday briefing")
    else:
        name = t.gettext("Evening briefing")
    return f"{name}, {day_and_time(facts.at, t, with_time=False)}"


def _extent(count: int, facts: BriefingFacts, t: Translator) -> str:
    """Return "1 story from 12 sources since Friday 08:00", and that it is late where it is."""
    stories = t.ngettext("{n} story", "{n} stories", count).format(n=count)
    since = weekday_and_time(facts.since, t)
    if facts.sources:
        sources = t.ngettext("{n} source", "{n} sources", facts.sources).format(n=facts.sources)
        text = t.gettext("{stories} from {sources} since {since}").format(stories=stories, sources=sources, since=since)
    else:
        text = t.gettext("{stories} since {since}").format(stories=stories, since=since)
    if facts.sent_at is not None:
        text += ". " + t.gettext("Due {due}, delayed to {sent}: On Record was not running.").format(
            due=f"{facts.at:%H:%M}", sent=weekday_and_time(facts.sent_at, t)
        )
    return text


def _nothing_new(facts: BriefingFacts, t: Translator) -> str:
    """Return "Nothing new for #world since Friday 08:00 (118 articles read). Next: Sunday 08:00 CEST."."""
    since = weekday_and_time(facts.since, t)
    articles = t.ngettext("{n} article read", "{n} articles read", facts.read).format(n=facts.read)
    where = "" if facts.channel_name is None else " " + t.gettext("for {name}").format(name=facts.channel_name)
    text = t.gettext("Nothing new{where} since {since} ({articles}).").format(
        where=where, since=since, articles=articles
    )
    return f"{text} {_next(facts, t)}".rstrip()


def _outlook(facts: BriefingFacts, t: Translator) -> str:
    """Return "2 of 12 sources gave nothing since Friday 08:00. Next: Sunday 08:00 CEST. Set up by Ana."."""
    parts = []
    if facts.silent:
        text = t.gettext("{silent} of {of} sources gave nothing since {since}.")
        parts.append(text.format(silent=facts.silent, of=facts.sources, since=weekday_and_time(facts.since, t)))
    parts.append(_next(facts, t))
    if facts.set_up_by is not None:
        parts.append(t.gettext("Set up by {name}.").format(name=facts.set_up_by))
    return " ".join(part for part in parts if part)


def _next(facts: BriefingFacts, t: Translator) -> str:
    if facts.next_at is None:
        return ""
    return t.gettext("Next: {when}.").format(when=f"{weekday_and_time(facts.next_at, t)} {facts.next_at.tzname()}")


def _actions(pages: Sequence[BriefedPage], telling: Telling) -> Actions:
    t = telling.translator
    proofs = []
    for page in pages:
        told = set()  # one for each speaker of a page: the others stand beside it under "All quotes"
        for statement in page.statements:
            number = telling.numbers.get(statement.quotes[0].quote.quote_id or 0)
            if number is not None and statement.speaker is not None and statement.speaker not in told:
                told.add(statement.speaker)
                surname = statement.speaker.split()[-1]
                proofs.append(Action(t.gettext("Proof: {name}").format(name=surname)[:40], command=f"/q{number}"))
    quoted = [str(page.number) for page in pages if page.number is not None and page.statements]
    everything = [Action(t.gettext("All quotes"), command=f"/all {' '.join(quoted)}")] if quoted else []
    return Actions((*proofs[:_PROOFS], *everything, Action(t.gettext("Change"), command="/briefing change")))
