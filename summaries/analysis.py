"""An article taken apart: ``Analysis`` out of a clean text, a pasted page or HTML.

Pure: the same text, engine, ids and times give the same analysis. Time is linear in the text.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from summaries.errors import NotAnArticleError
from summaries.foreign import find_foreign_quotes
from summaries.heading_lines import told_sentences
from summaries.language import UNKNOWN, language_of
from summaries.mail_lines import without_mail_lines
from summaries.pages import article_from, article_id_of
from summaries.paragraphs import paragraphs_of
from summaries.pasted import read_pasted
from summaries.printed import printed_quotes
from summaries.quotes import find_quotes
from summaries.sentences import split_sentences
from summaries.statements import key_statements, opening_of, statements_of
from summaries.stories import story_opening
from summaries.summarizers import summarise
from summaries.values import Analysis, Article, Sentence

if TYPE_CHECKING:
    from datetime import datetime

    from summaries.engine import Engine
    from summaries.pages import CleanPage
    from summaries.values import Quote, Span

_NOTICE = "Only a notice about cookies or privacy was found in this page. Answer it in the browser, then save or copy the page."


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the summary should be like.

    Attributes:
        method: One of ``summarizers.METHODS``.
        sentences: How many sentences it may have.
        quotes_beside: How many key quotes are shown beside it: sentences that hold them are left to them. 0 where
            nothing is shown beside it.
    """

    method: str = "news"
    sentences: int = 3
    quotes_beside: int = 5


def analyse_text(  # noqa: PLR0913 - a page's facts, all named at the call
    text: str,
    engine: Engine,
    *,
    now: datetime,
    article_id: str | None = None,
    title: str | None = None,
    language: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
    published_at: datetime | None = None,
    wanted: Wanted = Wanted(),
) -> Analysis:
    """Return the analysis of a clean article: nothing is added to the text or taken from it.

    Args:
        text: The article's text, exactly; offsets refer to it.
        engine: Data and weights.
        now: When it was read; aware, UTC.
        article_id: Made from the address, or from the text, where None.
        title: Where the text starts with it, its first paragraph is of kind TITLE.
        language: Where None it is told from the text.
        url: Where it was read.
        outlet: Who published it.
        published_at: Aware, UTC.
        wanted: What the summary should be like.
    """
    article = Article(
        article_id=article_id or article_id_of(url or text),
        url=url,
        outlet=outlet,
        title=title,
        byline=None,
        text=text,
        paragraphs=paragraphs_of(text, title=title),
        language=language or language_of(text, engine.stop_words),
        published_at=published_at,
        fetched_at=now,
    )
    return analyse_article(article, engine, wanted=wanted)


def analyse_pasted(
    page: str,
    engine: Engine,
    *,
    now: datetime,
    article_id: str | None = None,
    wanted: Wanted = Wanted(),
) -> Analysis:
    """Return the analysis of a page as a person copies it from the browser.

    Raises:
        NotAnArticleError: if no article is found.
    """
    clean = read_pasted(page, engine.page_words, engine.line_model)
    return _analyse_page(clean, engine, now=now, article_id=article_id, url=None, wanted=wanted)


def analyse_html(  # noqa: PLR0913 - as above
    html: str,
    engine: Engine,
    *,
    now: datetime,
    article_id: str | None = None,
    url: str | None = None,
    outlet: str | None = None,
    title: str | None = None,
    published_at: datetime | None = None,
    is_mail: bool = False,
    wanted: Wanted = Wanted(),
) -> Analysis:
    """Return the analysis of an HTML page.

    Args:
        html: The page's source, decoded.
        engine: Data and weights.
        now: When it was read; aware, UTC.
        article_id: Made from the address, or from the text, where None.
        url: Where it was read.
        outlet: Known from its source; goes before what the page says.
        title: Known from its source; for a page that has none.
        published_at: Likewise; aware, UTC.
        is_mail: Whether it was made of a mail: then greetings and footers of newsletters are left out.
        wanted: What the summary should be like.

    Raises:
        NotAnArticleError: if no article is found.
    """
    from summaries.html_page import read_html  # noqa: PLC0415 - so that text and pasted pages never load it

    clean = read_html(html, url=url, title=title, published_at=published_at)
    if is_mail:
        clean = without_mail_lines(clean, engine.page_words.mail)
    return _analyse_page(clean, engine, now=now, article_id=article_id, url=url, outlet=outlet, wanted=wanted)


def _analyse_page(  # noqa: PLR0913 - as above
    page: CleanPage,
    engine: Engine,
    *,
    now: datetime,
    article_id: str | None,
    url: str | None,
    wanted: Wanted,
    outlet: str | None = None,
) -> Analysis:
    body = "\n\n".join(text for _, text in page.paragraphs)
    if engine.page_words.is_notice(body):
        raise NotAnArticleError(_NOTICE)
    # The text itself is asked first: templates claim "en" for pages in any language.
    told = language_of(body, engine.stop_words)
    article = article_from(
        page,
        article_id=article_id or article_id_of(page.url or url or body),
        language=page.language or told if told == UNKNOWN else told,
        fetched_at=now,
        url=url,
        outlet=outlet,
    )
    return analyse_article(article, engine, wanted=wanted, left_out=page.left_out)


def analyse_article(
    article: Article,
    engine: Engine,
    *,
    wanted: Wanted = Wanted(),
    left_out: tuple[tuple[str, int], ...] = (),
) -> Analysis:
    """Return the sentences, quotes, speakers and summary of a clean article."""
    pack = engine.pack_for(article.language, article.text)
    sentences = tuple(
        Sentence(span)
        for paragraph in article.paragraphs
        for span in split_sentences(article.text, paragraph.span, pack.sentences)
    )
    if pack.quotes is not None:
        found = find_quotes(article, sentences, pack.quotes, engine.quote_weights)
    else:
        known = [each.quotes for each in engine.packs.values() if each.quotes is not None]
        found = find_foreign_quotes(article, sentences, known, engine.quote_weights)
    # The title comes first, so the body's sentences are the ones from its start on.
    first = bisect_left([sentence.span.start for sentence in sentences], article.body_start)
    body = sentences[first:]
    summary = summarise(
        article,
        told_sentences(article.text, body, engine.page_words),
        method=wanted.method,
        count=wanted.sentences,
        avoid=_key_spans(article, body, found.quotes, engine.bars.asked, wanted.quotes_beside),
        words=pack.summary,
        weights=engine.news_weights,
    )
    opening = story_opening(article.title or "", article.text)
    return Analysis(article, body, found.quotes, found.named, summary, left_out, opening)


def _key_spans(
    article: Article, sentences: tuple[Sentence, ...], quotes: tuple[Quote, ...], bar: float, count: int
) -> list[Span]:
    """Return where the ``count`` most telling quotes stand."""
    if count == 0:
        return []
    statements = statements_of(printed_quotes(article, sentences, quotes), bar, opening=opening_of(article))
    return [each.quote.span for one in key_statements(statements, count) for each in one.quotes]
