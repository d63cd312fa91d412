"""``onrecord brief``: a page in, its summary and key quotes out."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from bot.engine import AS_SHIPPED, EngineChoice, load_engine
from bot.extract import answer, quote_fields
from bot.files import InputError, NoTextError, is_address, is_mail, read_page
from bot.terminal import as_markdown, as_rich, as_text
from handlers.private import reason_of
from sources.addresses import without_password
from sources.errors import FetchError, SourceError
from summaries.analysis import Wanted, analyse_html, analyse_pasted
from summaries.digests import Telling, summary_message
from summaries.errors import NotAnArticleError
from summaries.html_page import looks_like_html
from summaries.printed import printed_quotes
from summaries.statements import key_statements, opening_of, statements_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from summaries.engine import Engine
    from summaries.message import Message
    from summaries.values import Analysis

NO_ARTICLE = 1
"""Exit code: a page was read, but there is no article in it."""
WRONG_USAGE = 2
"""Exit code: a page could not be read."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """How to brief.

    Attributes:
        method: Of the summary.
        sentences: Of the summary, at most.
        quotes: Key quotes, at most.
        form: "text", "json" or "markdown".
        choice: Of the engine.
    """

    method: str = "news"
    sentences: int = 3
    quotes: int = 5
    form: str = "text"
    choice: EngineChoice = AS_SHIPPED


def brief(paths: Iterable[str], how: Briefing) -> int:
    """Print each page's summary and key quotes on standard output; what cannot be told, on standard error.

    Returns:
        The exit code: the worst of all pages.
    """
    engine = load_engine(how.choice)
    code = 0
    told = 0
    for path in paths:
        try:
            analysis = _analysis_of(path, engine, how)
        except SourceError as exc:
            # Something stands in front of the article, or nothing was answered.
            code = max(code, WRONG_USAGE if isinstance(exc, FetchError) else NO_ARTICLE)
            complain(path, reason_of(exc, is_operator=True))
        except (NotAnArticleError, NoTextError) as exc:
            code = max(code, NO_ARTICLE)
            complain(path, str(exc))
        except InputError as exc:
            code = WRONG_USAGE
            complain(path, str(exc))
        else:
            _print(analysis, path, engine, how, between=told > 0)
            told += 1
    return code


def complain(path: str, reason: str) -> None:
    """Say on standard error, in one line, why a page was not told."""
    name = "standard input" if path == "-" else without_password(path) if is_address(path) else path
    sys.stderr.write(f"onrecord: {_visible(name)}: {_visible(reason.rstrip('.'))}.\n")


def _visible(text: str) -> str:
    """Return text with escapes for what a terminal obeys or does not show: a file may be called by a line break."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def _analysis_of(path: str, engine: Engine, how: Briefing) -> Analysis:
    if is_address(path):
        from bot.brief_address import analyse_address  # noqa: PLC0415 - loads the client, which files do without

        return analyse_address(path, engine, how)
    return analyse_page(read_page(path), engine, how, from_mail=is_mail(path))


def analyse_page(page: str, engine: Engine, how: Briefing, *, from_mail: bool = False) -> Analysis:
    """Return the analysis of a page's source or of what a browser showed of it.

    Args:
        page: What was read.
        engine: Data and weights.
        how: What the summary should be like.
        from_mail: Whether the page was made of a mail.

    Raises:
        NotAnArticleError: if no article is found.
    """
    wanted, now = Wanted(how.method, how.sentences, how.quotes), datetime.now(UTC)
    if looks_like_html(page):
        return analyse_html(page, engine, now=now, is_mail=from_mail, wanted=wanted)
    return analyse_pasted(page, engine, now=now, wanted=wanted)


def _print(analysis: Analysis, path: str, engine: Engine, how: Briefing, *, between: bool) -> None:
    if how.form == "json":
        sys.stdout.write(json.dumps(as_json(analysis, path, engine, how.quotes), ensure_ascii=False) + "\n")
        return
    message = summary_message(analysis, Telling(engine.bars), quotes=how.quotes)
    if how.form == "markdown":
        sys.stdout.write(("\n---\n\n" if between else "") + as_markdown(message))
    elif sys.stdout.isatty():
        _show(message, between=between)
    else:
        sys.stdout.write(("\n" if between else "") + as_text(message))


def _show(message: Message, *, between: bool) -> None:
    from rich.console import Console  # noqa: PLC0415 - half of a small page's time, and only a terminal needs it

    console = Console(highlight=False)
    # Lines longer than this are hard to read, however wide the window is.
    width = min(console.width, 100)
    if between:
        console.print()
    for renderable in as_rich(message):
        console.print(renderable, width=width)


def as_json(analysis: Analysis, path: str, engine: Engine, quotes: int) -> dict[str, object]:
    """Return a page as ``brief --format json`` prints it: what ``extract`` prints, and the key quotes chosen."""
    article, bar = analysis.article, engine.bars.asked
    printed = printed_quotes(article, analysis.sentences, analysis.quotes)
    statements = key_statements(statements_of(printed, bar, opening=opening_of(article)), quotes)
    return {
        "path": path,
        **answer(analysis, bar),
        "outlet": article.outlet,
        "url": article.url,
        "key_quotes": [
            {
                **quote_fields(each.quote, article.text, bar),
                "speaker": one.speaker,
                "sentence": each.sentence.of(article.text),
                "carried_on": each.quote.attribution is not None and each.quote.attribution.carried_on,
            }
            for one in statements
            for each in one.quotes
        ],
        "named": [{"name": one.name, "aliases": list(one.aliases)} for one in analysis.named],
        "left_out": dict(analysis.left_out),
    }
