"""An article as a message: what happened and who said what, or all that was said."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.wording import buttons, counted, line, small
from summaries.digests import Notes, Telling, spoken_blocks, summary_message
from summaries.heading_lines import told_sentences
from summaries.message import Block, Divider, Heading, Message, Paragraph, Run, Style
from summaries.origins import origin_runs
from summaries.printed import printed_quotes
from summaries.statements import key_statements, opening_of, statements_of
from summaries.summarizers import NO_SUMMARY_WORDS, summarise

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.desk import Desk
    from store.values import ArticleCard, FoundQuote, StoredArticle
    from summaries.statements import Statement
    from summaries.values import Analysis, QuoteKind

LONGER = 8
"""Sentences of a longer summary."""
KEY_QUOTES = 5
"""Quotes shown beside a summary."""
ONLY_HERE = "Only this chat sees the page."
TEXT_DROPPED = "Its text is kept no more, so there is no summary; what was said is kept."


async def summary_of(  # noqa: PLR0913 - who asks, and for how much
    db: AsyncConnection,
    desk: Desk,
    chat: str,
    stored: StoredArticle,
    *,
    longer: bool = False,
    is_operator: bool = False,
) -> Message:
    """Return an article's summary with its key quotes and buttons; what the chat called wrong is left out.

    Args:
        db: A transaction.
        desk: What to ask.
        chat: Who asks.
        stored: The article.
        longer: Whether with more sentences than it was kept with.
        is_operator: Whether who asks may share it with everybody.
    """
    found = await desk.quotes.of_articles(db, chat, [stored.card.article_id])
    telling = await desk.telling(db, chat)
    if stored.analysis is None:
        blocks = [
            *title_blocks(stored, telling),
            line(TEXT_DROPPED),
            _actions(stored, found, telling, longer=True, share=False),
        ]
        return Message(tuple(blocks))
    listed = {each.quote.quote_id for each in found}
    analysis = replace(
        stored.analysis, quotes=tuple(each for each in stored.analysis.quotes if each.quote_id in listed)
    )
    if longer:
        analysis = _longer(analysis, desk)
    message = summary_message(analysis, telling, quotes=KEY_QUOTES)
    told = told_sentences(analysis.article.text, analysis.sentences, desk.page_words)
    more = len(analysis.summary.sentences) >= min(LONGER, len(told))
    private = () if stored.card.owner_channel is None else (Paragraph((small(ONLY_HERE),)),)
    return Message(
        (*message.blocks, *private, _actions(stored, found, telling, longer=longer or more, share=is_operator))
    )


def _longer(analysis: Analysis, desk: Desk) -> Analysis:
    words = desk.summary_words.get(analysis.article.language, NO_SUMMARY_WORDS)
    printed = printed_quotes(analysis.article, analysis.sentences, analysis.quotes)
    statements = statements_of(printed, desk.bars.asked, opening=opening_of(analysis.article))
    # What is shown beside it as a key quote is not told twice.
    beside = [each.quote.span for one in key_statements(statements, KEY_QUOTES) for each in one.quotes]
    told = told_sentences(analysis.article.text, analysis.sentences, desk.page_words)
    summary = summarise(analysis.article, told, method=analysis.summary.method, count=LONGER, avoid=beside, words=words)
    return replace(analysis, summary=summary)


def title_blocks(stored: StoredArticle, telling: Telling) -> list[Block]:
    """Return an article's title and where it is from."""
    card = stored.card
    title = Run(card.title, Style.BOLD, verbatim=True) if card.title else Run("Untitled", Style.BOLD)
    return [Heading((title,)), origin_line(card, telling)]


def statements_on(found: Sequence[FoundQuote], stored: StoredArticle | None, bar: float) -> tuple[Statement, ...]:
    """Return the statements of one article in reading order, weighed against its opening where that is kept.

    Whom the page only describes ("a spokesman") has no name over several articles, but is told as it is printed.
    """
    analysis = None if stored is None else stored.analysis
    named = [
        replace(each, speaker=each.quote.attribution.name)
        if each.speaker is None and each.quote.attribution is not None
        else each
        for each in found
    ]
    return statements_of(named, bar, opening="" if analysis is None else opening_of(analysis.article))


def ids_of(statements: Iterable[Statement], kind: QuoteKind | None = None) -> list[int]:
    """Return the ids of the quotes that statements show, of one kind where it is given, in order."""
    return [
        each.quote.quote_id
        for one in statements
        for each in one.quotes
        if each.quote.quote_id is not None and kind in {None, each.quote.kind}
    ]


def handed_in(card: ArticleCard) -> datetime | None:
    """Return when a page was handed in in its chat; None for an article that came by itself."""
    return None if card.owner_channel is None else card.fetched_at


def origin_line(card: ArticleCard, telling: Telling) -> Paragraph:
    """Return the line that says where an article is from."""
    return Paragraph(origin_runs(card, telling.translator, telling.zone, handed_in=handed_in(card)))


def said_blocks(statements: Sequence[Statement], telling: Telling, notes: Notes) -> list[Block]:
    """Return statements speaker by speaker, with the numbers of each one's quotes."""
    blocks: list[Block] = []
    for name in dict.fromkeys(one.speaker for one in statements):
        theirs = [one for one in statements if one.speaker == name]
        blocks += spoken_blocks(theirs, telling, notes, before=(Divider(),))
        numbers = [f"/q{telling.numbers[one]}" for one in ids_of(theirs) if one in telling.numbers]
        if numbers:
            blocks.append(line(" ".join(numbers)))
    return blocks


def all_said(stored: StoredArticle, statements: Sequence[Statement], telling: Telling) -> Message:
    """Return everything that was said in an article, speaker by speaker."""
    notes = Notes()
    count = len(ids_of(statements))
    blocks = [*title_blocks(stored, telling), line(f"{counted(count, 'quote')}, in all.")]
    blocks += said_blocks(statements, telling, notes)
    blocks += [Divider(), *notes.lines(telling.translator)] if notes.marks else []
    return Message(tuple(blocks))


def _actions(
    stored: StoredArticle, found: Sequence[FoundQuote], telling: Telling, *, longer: bool, share: bool
) -> Block:
    article_id = stored.card.article_id
    count = len(ids_of(statements_on(found, stored, telling.bars.asked)))
    pairs = []
    if count:
        pairs.append((f"All {counted(count, 'quote')}" if count > 1 else "The quote", f"/all {article_id}"))
    if not longer:
        pairs.append(("Longer", f"/longer {article_id}"))
    if stored.card.owner_channel is not None:
        pairs += [] if stored.card.url else [("Add its address", f"/address {article_id}")]
        pairs += [("Share with all chats", f"/share {article_id}")] if share else []
        pairs.append(("Delete page", f"/delete {article_id}"))
    return buttons(*pairs)
