"""Messages out of values: the summary of a page with its key quotes, and a digest of one speaker's quotes.

What stands between our curly marks or in a block quotation is the page's, checked before it goes in. What is
inferred carries a ¹ or a plain sentence; what the page lacks is said, never guessed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import TYPE_CHECKING, Protocol

from summaries.message import Block, Divider, Heading, List, Message, Paragraph, QuoteBlock, Run, Style
from summaries.origins import origin_runs
from summaries.printed import clipped, is_read_as, printed_quotes, quoted_words, reporting_words, verbatim
from summaries.statements import by_speaker, key_statements, opening_of, statements_of
from summaries.values import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime, tzinfo

    from summaries.origins import Origin
    from summaries.printed import PrintedQuote
    from summaries.statements import Statement
    from summaries.values import Analysis, Bars

SENTENCE_LIMIT = 280
"""Characters of a reporter's sentence that a digest shows around a fragment; the rest is "[…]"."""
SUMMARY_SENTENCE_LIMIT = 200
"""The same beside a summary."""

SURE = 0.75
"""Confidence from which a name beside a quote is not marked: below it, one in four would be wrong."""

IN_PART = "In part"
"""Stands over fragments, where a name could stand."""

_CARRIED = "¹"
_LIKELY = "²"


class Translator(Protocol):
    """What turns our English into the reader's language; the standard library's gettext gives such."""

    def gettext(self, message: str, /) -> str:
        """Return the message in the reader's language."""
        ...

    def ngettext(self, msgid1: str, msgid2: str, n: int, /) -> str:
        """Return the form of the message that goes with a number."""
        ...


@dataclass(frozen=True, slots=True)
class Telling:
    """How to tell it.

    Attributes:
        bars: ``asked`` decides whose name is shown.
        numbers: The number in this chat of a quote, by its ``quote_id``; quotes without one show none.
        zone: In which times are told; UTC where None.
        translator: English where it is not given.
    """

    bars: Bars
    numbers: Mapping[int, int] = field(default_factory=dict)
    zone: tzinfo | None = None
    translator: Translator = field(default_factory=NullTranslations)


@dataclass(frozen=True, slots=True)
class QuotedPage:
    """One speaker's statements on one page.

    Attributes:
        origin: Where the page is from.
        statements: In the order in which they are to be shown.
        handed_in: When somebody handed the page in; None where it came by itself.
        elsewhere: What stands behind the origin: who else prints these words.
    """

    origin: Origin
    statements: tuple[Statement, ...]
    handed_in: datetime | None = None
    elsewhere: tuple[Run, ...] = ()


@dataclass(slots=True)
class Notes:
    """Which footnotes a message needs; filled while its blocks are made."""

    marks: set[str] = field(default_factory=set)

    def lines(self, t: Translator) -> Iterator[Paragraph]:
        """Yield the footnotes, each a line of its own."""
        if _CARRIED in self.marks:
            text = t.gettext("No name beside it on the page; carried on from the quote before.")
            yield Paragraph((_small(f"{_CARRIED} {text}"),))
        if _LIKELY in self.marks:
            yield Paragraph((_small(f"{_LIKELY} {t.gettext('Likely, not certain.')}"),))


def summary_message(analysis: Analysis, telling: Telling, *, quotes: int = 5) -> Message:
    """Return what happened and who said what: title, summary, key quotes by speaker.

    Args:
        analysis: Of the page.
        telling: How to tell it.
        quotes: How many key quotes to show at most.

    Raises:
        NotVerbatimError: if a quote does not stand on the page.
    """
    t, article = telling.translator, analysis.article
    title = Run(article.title, Style.BOLD, verbatim=True) if article.title else _bold(t.gettext("Untitled"))
    points = tuple((Run(span.of(article.text), verbatim=True),) for span in analysis.summary.sentences)
    blocks: list[Block] = [Heading((title,)), Paragraph(origin_runs(article, t, telling.zone))]
    if points:
        blocks += [Divider(), List(points)]
    printed = printed_quotes(article, analysis.sentences, analysis.quotes)
    statements = statements_of(printed, telling.bars.asked, opening=opening_of(article))
    notes = Notes()
    blocks += spoken_blocks(key_statements(statements, quotes), telling, notes, before=(Divider(),))
    blocks += [Divider(), Paragraph((_small(_kept(analysis, t)),)), *notes.lines(t)]
    return Message(tuple(blocks))


def quotes_message(name: str, pages: Sequence[QuotedPage], telling: Telling) -> Message:
    """Return a digest of one speaker's quotes: whole ones first, then fragments inside their printed sentences.

    Args:
        name: The speaker's.
        pages: Newest first, statements folded; every statement is this speaker's.
        telling: How to tell it.

    Raises:
        NotVerbatimError: if a quote does not stand on its page.
    """
    t, notes = telling.translator, Notes()
    blocks: list[Block] = [Heading((_bold(name), Run(f" · {_counted(pages, t)}")))]
    for page in pages:
        for one in page.statements:
            if one.whole:
                blocks += [Divider(), *_whole_blocks(one, notes), *_under(name, one, page.statements, telling)]
        blocks += _in_part(name, page.statements, telling)
        if len(pages) > 1:
            blocks += [Divider(), _origin_line(page, telling)]
    if notes.marks:
        blocks += [Divider(), *notes.lines(t)]
    if len(pages) == 1:
        blocks += [*([] if notes.marks else [Divider()]), _origin_line(pages[0], telling)]
    return Message(tuple(blocks))


def _origin_line(page: QuotedPage, telling: Telling) -> Paragraph:
    origin = origin_runs(page.origin, telling.translator, telling.zone, handed_in=page.handed_in)
    return Paragraph((*origin, *page.elsewhere))


def spoken_blocks(
    statements: Iterable[Statement], telling: Telling, notes: Notes, *, before: tuple[Block, ...] = ()
) -> list[Block]:
    """Return statements speaker by speaker, each under the name, fragments inside their printed sentences.

    Args:
        statements: What is to be shown.
        telling: How to tell it.
        notes: Told which footnotes the blocks need.
        before: What stands before each speaker.

    Raises:
        NotVerbatimError: if a quote does not stand on its page.
    """
    blocks: list[Block] = []
    for name, group in by_speaker(statements):
        blocks += [*before, _speaker_line(name, group, telling.translator)]
        for one in group:
            blocks += _whole_blocks(one, notes)
            blocks += (QuoteBlock(runs) for runs, _ in _part_blocks((one,), SUMMARY_SENTENCE_LIMIT))
    return blocks


def as_heading(name: str) -> str:
    """Return a name as it begins a line: "die Bürgermeisterin" with a capital, "al-Nasir" and "eKontor" as they are."""
    first = name.partition(" ")[0]
    return name[0].upper() + name[1:] if first.isalpha() and first.islower() else name


def _speaker_line(name: str | None, statements: Iterable[Statement], t: Translator) -> Paragraph:
    if name is None:
        return Paragraph((_bold(t.gettext("Speaker not named for certain")),))
    if any(one.whole for one in statements):
        return Paragraph((_bold(as_heading(name)),))
    return Paragraph((_bold(as_heading(name)), Run(", " + t.gettext("in part"))))


def _whole_blocks(statement: Statement, notes: Notes) -> list[Block]:
    blocks: list[Block] = []
    for each in statement.whole:
        runs = [Run("“"), Run(quoted_words(each), verbatim=True), Run("”")]
        if statement.speaker is not None and (mark := _mark(each)):
            notes.marks.add(mark)
            runs.append(Run(f" {mark}"))
        blocks.append(QuoteBlock(tuple(runs)))
    return blocks


def _mark(each: PrintedQuote) -> str:
    attribution = each.quote.attribution
    assert attribution is not None, "a statement with a speaker has attributed quotes"
    if attribution.carried_on:
        return _CARRIED
    return _LIKELY if attribution.confidence < SURE and not is_read_as(each) else ""


def _under(name: str, one: Statement, statements: Sequence[Statement], telling: Telling) -> list[Block]:
    """Return the line under a statement: the words that name the speaker, how they are read, the quotes' numbers."""
    words = next((found for each in one.whole if (found := reporting_words(each))), None)
    parts = [[Run(words, Style.SMALL, verbatim=True)]] if words else []
    # What is carried on has its mark, and its mention stands beside another quote.
    beside = (each for each in one.whole if each.quote.attribution and not each.quote.attribution.carried_on)
    read_as = list(dict.fromkeys(each.mention for each in beside if each.mention and is_read_as(each)))
    if read_as:
        parts.append(_read_as_runs(read_as, _short(name, statements), telling.translator))
    if numbers := _numbers(one.whole, telling):
        parts.append([Run(numbers)])
    runs = [run for at, part in enumerate(parts) for run in ([Run(" · ")] if at else []) + part]
    return [Paragraph(tuple(runs))] if runs else []


def _numbers(quotes: Iterable[PrintedQuote], telling: Telling) -> str:
    ids = (each.quote.quote_id for each in quotes)
    return " ".join(f"/q{telling.numbers[one]}" for one in ids if one is not None and one in telling.numbers)


def _in_part(name: str, statements: Sequence[Statement], telling: Telling) -> list[Block]:
    t = telling.translator
    parts = [each for one in statements for each in one.parts]
    if not parts:
        return []
    note = " " + t.gettext("(the reporter’s sentences; quoted words bold)")
    blocks: list[Block] = [Divider(), Paragraph((_bold(t.gettext(IN_PART)), Run(note)))]
    blocks += (QuoteBlock(runs) for runs, _ in _part_blocks(statements, SENTENCE_LIMIT))
    read_as = list(dict.fromkeys(each.mention for each in parts if each.mention and is_read_as(each)))
    runs = _read_as_runs(read_as, _short(name, statements), t) if read_as else []
    if numbers := _numbers(parts, telling):
        runs.append(Run(f" · {numbers}" if runs else numbers))
    if runs:
        blocks.append(Paragraph(tuple(runs)))
    return blocks


def _read_as_runs(mentions: Sequence[str], name: str, t: Translator) -> list[Run]:
    runs: list[Run] = []
    for at, mention in enumerate(mentions):
        if at:
            runs.append(Run(" " + t.gettext("and") + " " if at == len(mentions) - 1 else ", "))
        runs += [Run("“"), Run(mention, verbatim=True), Run("”")]
    form = t.ngettext(" is read as {name}", " are read as {name}", len(mentions))
    return [*runs, Run(form.format(name=name))]


def _short(name: str, statements: Iterable[Statement]) -> str:
    """Return the shortest form of a name that the page prints beside these quotes and that ends it ("Putin")."""
    mentions = {each.mention for one in statements for each in (*one.quotes, *one.repeats) if each.mention}
    return min((form for form in mentions if name.endswith(f" {form}")), key=len, default=name)


def _part_blocks(
    statements: Iterable[Statement], limit: int
) -> Iterator[tuple[tuple[Run, ...], tuple[PrintedQuote, ...]]]:
    """Yield each printed sentence that holds fragments, as runs, with its fragments: quoted words and marks bold."""
    by_sentence: dict[Span, list[PrintedQuote]] = {}
    repeats: dict[Span, list[PrintedQuote]] = {}
    for one in statements:
        for each in one.parts:
            by_sentence.setdefault(each.sentence, []).append(each)
        for each in one.repeats:
            repeats.setdefault(each.sentence, []).append(each)
    for sentence, fragments in by_sentence.items():
        text = verbatim(fragments[0], sentence)
        every = (*fragments, *repeats.get(sentence, ()))
        bold = _joined(_with_marks(text, each, sentence.start) for each in every)
        yield tuple(_sentence_runs(text, bold, limit)), tuple(fragments)


def _joined(spans: Iterable[Span]) -> list[Span]:
    """Return spans in reading order, those that overlap as one."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start < joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(span.end, joined[-1].end))
        else:
            joined.append(span)
    return joined


def _with_marks(text: str, each: PrintedQuote, start: int) -> Span:
    """Return where a fragment stands in its sentence, the page's own marks included."""
    quoted_words(each)
    first, end = each.quote.span.start - start, each.quote.span.end - start
    first -= first > 0 and text[first - 1] in _OPENERS
    # A comma that belongs to the reporter may stand before the closing mark.
    closing = end + (end + 1 < len(text) and text[end] in ",;" and text[end + 1] in _CLOSERS)
    if closing < len(text) and text[closing] in _CLOSERS:
        end = closing + 1
    return Span(first, end)


_OPENERS = frozenset("\"“”„‟«»'‘‚‹›")
_CLOSERS = frozenset("\"”“«»'’‘‹›")


def _sentence_runs(text: str, bold: Sequence[Span], limit: int) -> Iterator[Run]:
    shown = clipped(text, Span(bold[0].start, bold[-1].end), limit)
    if shown.start > 0:
        yield Run("[…] ")
    at = shown.start
    for span in bold:
        if span.start > at:
            yield Run(text[at : span.start], verbatim=True)
        yield Run(text[span.start : span.end], Style.BOLD, verbatim=True)
        at = span.end
    if at < shown.end:
        yield Run(text[at : shown.end], verbatim=True)
    if shown.end < len(text):
        yield Run(" […]")


def _counted(pages: Sequence[QuotedPage], t: Translator) -> str:
    """Return "7 quotes on 1 page: 5 whole, 2 in part"."""
    whole = sum(len(one.whole) for page in pages for one in page.statements)
    parts = sum(len(one.parts) for page in pages for one in page.statements)
    quotes = t.ngettext("{n} quote", "{n} quotes", whole + parts).format(n=whole + parts)
    where = t.ngettext("on {n} page", "on {n} pages", len(pages)).format(n=len(pages))
    if not parts:
        return f"{quotes} {where}"
    if not whole:
        return f"{quotes} {where}, {t.gettext('in part')}"
    split = t.gettext("{whole} whole, {parts} in part").format(whole=whole, parts=parts)
    return f"{quotes} {where}: {split}"


def _kept(analysis: Analysis, t: Translator) -> str:
    """Return "3 of 20 sentences, unchanged. Left out: menus, 4 captions."."""
    shown, of = len(analysis.summary.sentences), len(analysis.sentences)
    text = t.ngettext("{shown} of {of} sentence, unchanged.", "{shown} of {of} sentences, unchanged.", of)
    text = text.format(shown=shown, of=of)
    if analysis.left_out:
        text += " " + t.gettext("Left out: {what}.").format(what=", ".join(_left_out(analysis.left_out, t)))
    if not analysis.quotes:
        text += " " + t.gettext("Nobody is quoted.")
    return text


def _left_out(counted: Iterable[tuple[str, int]], t: Translator) -> Iterator[str]:
    for what, count in counted:
        # Nobody counts the lines of a menu.
        if what in _UNCOUNTED or count == 0:
            yield t.gettext(what)
        else:
            yield f"{count} {t.ngettext(what.removesuffix('s'), what, count)}"


_UNCOUNTED = frozenset({"menus"})


def _bold(text: str) -> Run:
    return Run(text, Style.BOLD)


def _small(text: str) -> Run:
    return Run(text, Style.SMALL)
