"""The languages' text data as the tests of the core use them."""

from __future__ import annotations

import tomllib
from pathlib import Path

from summaries.sentences import parse_sentence_words
from summaries.summarizers import parse_summary_words

LANGUAGES = Path(__file__).parents[2] / "config" / "languages"
TEXT = {path.parent.name: tomllib.loads(path.read_text("utf-8")) for path in sorted(LANGUAGES.glob("*/text.toml"))}
SENTENCE_WORDS = {language: parse_sentence_words(data["sentences"]) for language, data in TEXT.items()}
SUMMARY_WORDS = {language: parse_summary_words(data) for language, data in TEXT.items()}
STOP_WORDS = {language: words.stop_words for language, words in SUMMARY_WORDS.items()}
