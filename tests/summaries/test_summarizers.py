"""Summaries of articles."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from summaries.paragraphs import paragraphs_of
from summaries.sentences import split_sentences
from summaries.summarizers import METHODS, SUMY_SENTENCES, parse_stop_words, parse_summary_words, summarise
from summaries.values import Article, Sentence, Span
from tests.summaries.packs import SENTENCE_WORDS, STOP_WORDS, SUMMARY_WORDS

TITLE = "Harbour of Port Ansel reopens after the storm"
TEXT = f"""{TITLE}

The harbour of Port Ansel reopened on Monday, two weeks after a storm broke its northern pier. “We have waited long enough for this day,” said its master, Ida Brandt.

She said that engineers had found no further damage to the harbour or the wall behind the pier. The first ferry to the islands left at noon with two hundred people on board.

What the storm broke

Repairs to the northern pier will cost the town of Port Ansel about four million crowns, the council said. Half of the sum comes from a fund for harbours hit by storms. But he who built the pier may have to pay, said Tomas Lehm, a member of the council.

A village fair with music was held in the hills on Sunday. Nobody was hurt in the storm.
"""


def article_of(text: str, title: str | None = None) -> tuple[Article, list[Sentence]]:
    """Return an article of ``text`` and its body's sentences."""
    paragraphs = paragraphs_of(text, title=title)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    article = Article("a1", None, None, title, None, text, paragraphs, "en", None, now)
    return article, [Sentence(span) for p in paragraphs for span in split_sentences(text, p.span, SENTENCE_WORDS["en"])]


@pytest.mark.parametrize("method", METHODS)
def test_every_method_chooses_whole_sentences_of_the_body(method: str) -> None:
    """Verbatim, in reading order, as many as asked; never the title, never a heading, never "But he" first."""
    article, sentences = article_of(TEXT, TITLE)
    summary = summarise(article, sentences, method=method, words=SUMMARY_WORDS["en"])
    assert summary.method == method
    assert len(summary.sentences) == 3
    assert list(summary.sentences) == sorted(summary.sentences)
    shown = [span.of(TEXT) for span in summary.sentences]
    assert set(summary.sentences) <= {sentence.span for sentence in sentences}
    assert not {TITLE, "What the storm broke"} & set(shown)
    assert not shown[0].startswith(("But he", "She"))


@pytest.mark.parametrize("method", METHODS)
def test_key_quotes_beside_the_summary_are_not_in_it(method: str) -> None:
    """A reader who sees a quote does not want it twice, unless there is nothing else to say."""
    article, sentences = article_of(TEXT, TITLE)
    quote = Span(start := TEXT.index("We have waited"), start + 20)
    chosen = summarise(article, sentences, method=method, avoid=[quote], words=SUMMARY_WORDS["en"]).sentences
    assert not any(span.overlaps(quote) for span in chosen)
    all_of_it = summarise(article, sentences, method=method, avoid=[Span(0, len(TEXT))], words=SUMMARY_WORDS["en"])
    assert len(all_of_it.sentences) == 3


@pytest.mark.parametrize("method", [method for method in METHODS if method != "lead"])
def test_a_sentence_that_announces_what_follows_is_not_in_it(method: str) -> None:
    """Its colon would point at nothing, or at a sentence that is not meant."""
    points = "The main points of the council’s plan for the harbour pier:\n\nThe first ferry"
    text = TEXT.replace("The first ferry", points)
    article, sentences = article_of(text, TITLE)
    summary = summarise(article, sentences, method=method, words=SUMMARY_WORDS["en"])
    assert not [span.of(text) for span in summary.sentences if span.of(text).endswith(":")]


def test_the_news_method_tells_the_news() -> None:
    """The lead is in, the village fair is not."""
    article, sentences = article_of(TEXT, TITLE)
    shown = [span.of(TEXT) for span in summarise(article, sentences, words=SUMMARY_WORDS["en"]).sentences]
    assert shown[0].startswith("The harbour of Port Ansel reopened")
    assert not any("fair" in sentence for sentence in shown)


@pytest.mark.parametrize("method", METHODS)
def test_a_short_article_is_its_own_summary(method: str) -> None:
    """Fewer sentences than asked for: all of them; none: none."""
    article, sentences = article_of("One harbour. Two piers.")
    assert len(summarise(article, sentences, method=method).sentences) == 2
    assert summarise(*article_of(""), method=method).sentences == ()


@pytest.mark.parametrize("method", METHODS)
def test_a_text_without_words_or_language_data_is_no_trouble(method: str) -> None:
    """Rows of marks, repeated lines and unknown languages get an answer like everything else."""
    for text in ("?! … — ! ?\n" * 9, "One harbour.\n" * 9, "Він сказав це. Вона прийшла. Дощ ішов. Ніч."):
        article, sentences = article_of(text)
        assert len(summarise(article, sentences, method=method).sentences) == 3


@pytest.mark.parametrize("method", ["lexrank", "luhn", "kl"])
def test_sumys_methods_do_not_begin_with_a_riddle(method: str) -> None:
    """Where one of them would begin with a pronoun, it chooses again among the sentences that stand alone."""
    article, sentences = article_of(
        "Rain fell. She saw the harbour, the pier and the ferry. The harbour is old. The pier is new. The ferry left."
    )
    chosen = summarise(article, sentences, method=method, words=SUMMARY_WORDS["en"], count=1).sentences
    assert not chosen[0].of(article.text).startswith("She")


@pytest.mark.parametrize("method", ["lexrank", "edmundson", "lead"])
def test_where_every_sentence_leans_the_choice_stands(method: str) -> None:
    """Nobody is left to begin with."""
    article, sentences = article_of(
        "Rain.\n" + "She spoke of the harbour and rain. He spoke of the pier. They left. " * 2
    )
    assert len(summarise(article, sentences, method=method, words=SUMMARY_WORDS["en"], count=2).sentences) == 2


def test_an_unknown_method_is_refused() -> None:
    """A misspelt method is said, not silently replaced."""
    article, sentences = article_of(TEXT)
    with pytest.raises(ValueError, match="no such summary method: lexrnk"):
        summarise(article, sentences, method="lexrnk")


def test_the_default_path_is_light() -> None:
    """The news method imports numpy and nothing heavier: sumy and nltk cost half a second."""
    code = (
        "import sys; from tests.summaries.test_summarizers import *; article, sentences = article_of(TEXT); "
        "summarise(article, sentences); "
        "print([name for name in sys.modules if name.split('.')[0] in {'py3langid', 'sumy', 'nltk'}])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_page_of_two_megabytes_is_summarised_in_seconds() -> None:
    """Time and memory grow with the page, not with its square; sumy's methods read its beginning only."""
    text = "\n".join(f"Harbour {at} of Port Ansel reopened on day {at}, the town said." for at in range(30_000))
    article, sentences = article_of(text)
    start = time.process_time()
    assert len(summarise(article, sentences, words=SUMMARY_WORDS["en"]).sentences) == 3
    assert time.process_time() - start < 10
    chosen = summarise(article, sentences, method="luhn").sentences
    assert all(span.end <= sentences[SUMY_SENTENCES - 1].span.end for span in chosen)


def test_our_ranking_is_one_of_sumys_summarizers() -> None:
    """Whoever uses sumy can use ours, with our tokenizer and nothing downloaded."""
    from sumy.parsers.plaintext import PlaintextParser  # noqa: PLC0415 - half a second that other tests need not pay

    from summaries.sumy_methods import NewsSummarizer, Tokenizer  # noqa: PLC0415 - as above

    tokenizer = Tokenizer(SENTENCE_WORDS["en"])
    assert tokenizer.to_sentences("") == ()
    document = PlaintextParser.from_string(TEXT.replace(TITLE, ""), tokenizer).document
    summarizer = NewsSummarizer()
    summarizer.stop_words = STOP_WORDS["en"]
    assert str(summarizer(document, 2)[0]).startswith("The harbour of Port Ansel reopened")


def test_language_data_become_words() -> None:
    """Lists are folded; the longest ending is tried first."""
    data = {"stop_words": "The ÜBER", "pronouns": "He", "openers": "But", "endings": "s ing ed"}
    words = parse_summary_words(data)
    assert words.stop_words == parse_stop_words(data) == {"the", "uber"}
    assert words.leaning == {"he", "but"}
    assert words.endings == ("ing", "ed", "s")
