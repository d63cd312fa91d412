"""Small analyses about invented people, built by hand so that the tests say what is in them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from summaries.values import (
    Analysis,
    Article,
    Attribution,
    NamedSpeaker,
    Paragraph,
    ParagraphKind,
    Quote,
    QuoteKind,
    Sentence,
    Span,
    Summary,
)

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HERE = "telegram:-100"
ELSEWHERE = "slack:T1/C1"

QUOTED = re.compile(r"“([^”]+)”[^“\n]*?said (?:the )?([A-Z]\w+)")


@dataclass(frozen=True, slots=True)
class Person:
    """Whom the sample names: a full name, and the word it is quoted by."""

    name: str

    @property
    def surname(self) -> str:
        """The last word of the name."""
        return self.name.rpartition(" ")[2]


ORLAN = Person("Viktor Orlan")
MAREK = Person("Lena Marek")
TOLL = Person("Ada Toll")


def analysis(  # noqa: PLR0913 - a page's own parts
    *paragraphs: str,
    people: tuple[Person, ...] = (ORLAN, MAREK, TOLL),
    url: str | None = None,
    title: str | None = "Talks in Brenn",
    printed: datetime | None = NOON,
    read: datetime = NOON + MINUTE,
    confidence: float = 0.95,
) -> Analysis:
    """Return the analysis of a page on which “…,” said Orlan stands for a quote of Viktor Orlan.

    A quote that ends with a full stop or comma is whole, any other is a fragment; each paragraph is one sentence.
    """
    parts = [*([title] if title else []), *paragraphs]
    text = "\n\n".join(parts)
    spans = []
    at = 0
    for part in parts:
        spans.append(Span(at, at + len(part)))
        at += len(part) + 2
    kinds = [ParagraphKind.TITLE if title and not index else ParagraphKind.BODY for index in range(len(parts))]
    article = Article(
        article_id=sha256((url or text).encode()).hexdigest()[:16],
        url=url,
        outlet="The Brenn Post" if url else None,
        title=title,
        byline=None,
        text=text,
        paragraphs=tuple(Paragraph(span, kind) for span, kind in zip(spans, kinds, strict=True)),
        language="en",
        published_at=printed,
        fetched_at=read,
    )
    body = tuple(Sentence(span) for span, kind in zip(spans, kinds, strict=True) if kind is ParagraphKind.BODY)
    return Analysis(
        article=article,
        sentences=body,
        quotes=tuple(_quotes(article, people, confidence)),
        named=tuple(_named(article, people)),
        summary=Summary(article.article_id, tuple(sentence.span for sentence in body[:1]), "news"),
        left_out=(("captions", 2),),
    )


def _quotes(article: Article, people: tuple[Person, ...], confidence: float) -> list[Quote]:
    found = []
    for match in QUOTED.finditer(article.text):
        words = match[1].removesuffix(",")
        name = next((person.name for person in people if person.surname == match[2]), match[2])
        found.append(
            Quote(
                article_id=article.article_id,
                span=Span(match.start(1), match.start(1) + len(words)),
                kind=QuoteKind.DIRECT if match[1][-1] in ".," else QuoteKind.PARTIAL,
                text=words,
                attribution=Attribution(
                    mention=Span(match.start(2), match.end(2)),
                    cue=Span(match.start(2) - 5, match.start(2) - 1),
                    name=name,
                    rule="verb_after_quote",
                    confidence=confidence,
                ),
            )
        )
    return found


def _named(article: Article, people: tuple[Person, ...]) -> list[NamedSpeaker]:
    named = []
    for person in people:
        mentions = tuple(Span(*match.span()) for match in re.finditer(rf"\b{person.surname}\b", article.text))
        if mentions:
            reported = tuple(
                paragraph.span
                for paragraph in article.paragraphs
                if f"{person.surname} noted" in paragraph.span.of(article.text)
            )
            named.append(NamedSpeaker(person.name, (person.name, person.surname), mentions, reported))
    return named
