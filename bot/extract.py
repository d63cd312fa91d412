"""``onrecord extract``: articles in, their analyses out, one JSON object a line.

A filter for corpora and benchmarks: order is kept, a bad line gets an ``error`` and the run goes on, and memory
stays flat however many lines come.
"""

from __future__ import annotations

import re
import signal
from collections import deque
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from multiprocessing import get_context
from typing import TYPE_CHECKING, Any

from bot.engine import AS_SHIPPED, EngineChoice, load_engine
from bot.json_lines import BadLineError, has_id, line_of, object_of
from summaries.analysis import Wanted, analyse_html, analyse_pasted, analyse_text
from summaries.errors import SummariesError
from summaries.language import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from summaries.engine import Engine
    from summaries.values import Analysis, Quote

_BATCH = 16  # lines a task: few enough to keep order cheaply, enough to hide what a task costs
_BATCHES_AHEAD = 4  # per worker: bounds what is read before its turn
_INPUTS = ("text", "page", "html")
_LANGUAGE = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8})*")
# Nothing that is printed depends on the time of reading; a constant keeps two runs alike.
_READ_AT = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Extracting:
    """How to extract.

    Attributes:
        bar: Confidence, 0 to 1, below which a quote has no speaker; "asked" or "pushed" for the bars shipped.
        method: Of the summary.
        sentences: Of the summary.
        choice: Of the engine.
    """

    bar: float | str = "asked"
    method: str = "news"
    sentences: int = 3
    choice: EngineChoice = AS_SHIPPED


def extract_lines(lines: Iterable[bytes], how: Extracting, *, workers: int = 1) -> Iterator[bytes]:
    """Yield one JSON line for each input line that is not blank, in order.

    Args:
        lines: As read from a file, UTF-8.
        how: The bar and the summary.
        workers: Processes; 1 works in this one.

    Raises:
        ChildProcessError: if the system or somebody ended a worker.
    """
    numbered = ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    if workers == 1:
        for number, line in numbered:
            yield extract_line(line, number, _engine_here(how.choice), how)
        return
    # spawn: forking a process that has threads (numpy's, rich's) is what deadlocks; it is the same on macOS.
    pool = ProcessPoolExecutor(workers, mp_context=get_context("spawn"), initializer=_leave_ctrl_c_to_the_first)
    try:
        waiting: deque[Any] = deque()
        while batch := list(islice(numbered, _BATCH)):
            waiting.append(pool.submit(_extract_batch, batch, how))
            if len(waiting) > workers * _BATCHES_AHEAD:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()
    except BrokenExecutor as exc:
        msg = "a worker process was ended from outside; where memory is short, fewer workers help"
        raise ChildProcessError(msg) from exc
    finally:
        # Whoever stopped us, or stopped reading us, does not wait for what was read ahead.
        pool.shutdown(cancel_futures=True)


def _leave_ctrl_c_to_the_first() -> None:
    # A terminal tells every process of the group; the first one ends the others, without a traceback from each.
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@cache  # a constant out of files, one a process: a task can't carry it cheaply
def _engine_here(choice: EngineChoice) -> Engine:
    return load_engine(choice)


def _extract_batch(batch: list[tuple[int, bytes]], how: Extracting) -> list[bytes]:
    return [extract_line(line, number, _engine_here(how.choice), how) for number, line in batch]


def extract_line(line: bytes, number: int, engine: Engine, how: Extracting) -> bytes:
    """Return one line's answer, line break included.

    Args:
        line: A JSON object with ``id`` and one of ``text``, ``page``, ``html``.
        number: Stands in the error of a line that has no id.
        engine: Data and weights.
        how: The bar and the summary.
    """
    given: dict[str, Any] = {}
    try:
        given = object_of(line)
        found = answer(analyse_given(given, engine, how), _bar(how, engine))
    except (SummariesError, BadLineError) as exc:
        where = "" if has_id(given) else f"line {number}: "
        found = {**_EMPTY, "error": f"{where}{exc}"}
    return line_of({"id": given.get("id"), **found})


def analyse_given(given: dict[str, Any], engine: Engine, how: Extracting) -> Analysis:
    """Return the analysis of one input object.

    Raises:
        NotAnArticleError: if no article is found.
        BadLineError: if the object is not as ``extract_line`` says.
    """
    kind = _kind_of(given)
    # Nothing is shown beside these summaries, so no sentence is left to the key quotes.
    wanted = Wanted(how.method, how.sentences, quotes_beside=0)
    article_id, url, outlet = str(given["id"]), given.get("url"), given.get("outlet")
    page: str = given[kind]
    if kind == "page":
        return analyse_pasted(page, engine, now=_READ_AT, article_id=article_id, wanted=wanted)
    if kind == "html":
        return analyse_html(page, engine, now=_READ_AT, article_id=article_id, url=url, outlet=outlet, wanted=wanted)
    return analyse_text(
        page,
        engine,
        now=_READ_AT,
        article_id=article_id,
        title=given.get("title"),
        language=_language(given.get("language")),
        url=url,
        outlet=outlet,
        wanted=wanted,
    )


def _kind_of(given: dict[str, Any]) -> str:
    """Return under which name an input object holds its article, all it holds checked.

    Raises:
        BadLineError: if it is not as ``extract_line`` says.
    """
    kinds = [kind for kind in _INPUTS if given.get(kind) is not None]
    if not has_id(given) or len(kinds) != 1:
        msg = 'an object with "id" and one of "text", "page" or "html" is needed'
        raise BadLineError(msg)
    for name in (kinds[0], "title", "url", "outlet", "language"):
        if not isinstance(given.get(name), str | None):
            msg = f'"{name}" is not a string'
            raise BadLineError(msg)
    if not given[kinds[0]].strip():
        msg = f'"{kinds[0]}" is empty'
        raise BadLineError(msg)
    return kinds[0]


def _language(given: str | None) -> str | None:
    """Return the language of a code such as "en" or "en-GB"; None where it is to be told from the text.

    Raises:
        BadLineError: if it is no code: an unknown one would cost the article its quotes without a word.
    """
    if given is None:
        return None
    code = _LANGUAGE.fullmatch(given)
    if code is None:
        msg = f'"language" is not a code as in ISO 639-1: {given[:40]!r}'
        raise BadLineError(msg)
    found = code[1].lower()
    return None if found == UNKNOWN else found


def answer(analysis: Analysis, bar: float) -> dict[str, object]:
    """Return an analysis as what ``extract`` prints, without its id; README.md describes every field."""
    article = analysis.article
    text = article.text
    return {
        "language": article.language,
        "title": article.title,
        "byline": article.byline,
        "published_at": article.published_at.isoformat() if article.published_at else None,
        "text": text,
        "body_start": article.body_start,
        "sentences": [{"start": one.span.start, "end": one.span.end} for one in analysis.sentences],
        "summary": [
            {"start": span.start, "end": span.end, "text": span.of(text)} for span in analysis.summary.sentences
        ],
        "quotes": [quote_fields(quote, text, bar) for quote in analysis.quotes],
        "error": None,
    }


_EMPTY: dict[str, object] = {
    "language": None,
    "title": None,
    "byline": None,
    "published_at": None,
    "text": None,
    "body_start": 0,
    "sentences": [],
    "summary": [],
    "quotes": [],
}


def quote_fields(quote: Quote, text: str, bar: float) -> dict[str, object]:
    """Return one quote as ``extract`` and ``brief --format json`` print it."""
    attribution = quote.attribution
    cue = attribution.cue if attribution else None
    named = quote.attributed(bar)
    return {
        "quote": quote.text,
        "start": quote.span.start,
        "end": quote.span.end,
        "kind": quote.kind.value,
        "group": quote.group,
        "speaker": named.name if named else None,
        "speaker_mention": attribution.mention.of(text) if attribution else None,
        "cue": cue.of(text) if cue else None,
        "rule": attribution.rule if attribution else None,
        "confidence": round(attribution.confidence, 4) if attribution else None,
    }


def _bar(how: Extracting, engine: Engine) -> float:
    if isinstance(how.bar, float):
        return how.bar
    return engine.bars.pushed if how.bar == "pushed" else engine.bars.asked
