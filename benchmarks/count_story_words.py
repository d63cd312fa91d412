"""How common words are in news, counted for stories: ``python -m benchmarks.count_story_words FOLDER``.

FOLDER holds the marked articles; polnear/train is counted. Writes ``config/weights/stories.json``: of so many articles, how
many have a word in title or opening. Only words that mostly stand in small letters: who and what was in the news when
these articles were printed is no matter of the language.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path

from benchmarks.scoring import rows
from bot.engine import load_engine
from summaries.stories import opening_counts
from summaries.tokens import folded, words_of

OUT = Path(__file__).parent.parent / "config" / "weights" / "stories.json"
DOCUMENTS = 200
"""As many articles as the counts stand for; what is read later outweighs them."""
RAREST = 0.01
"""Share of articles below which a word is as good as unknown."""
STOP_WORD = 0.5
"""Share of articles for the stop words of languages that were not counted."""
WORD = re.compile(r"\w+")


def main() -> None:
    """Count and write."""
    articles = rows(Path(sys.argv[1]) / "data" / "quotes" / "polnear" / "train.jsonl")
    having, small, all_ = Counter[str](), Counter[str](), Counter[str]()
    for article in articles:
        text = str(article["text"])
        having.update(opening_counts("", words_of(text)).keys())
        for word in WORD.findall(text):
            all_[folded(word)] += 1
            small[folded(word)] += word.islower()
    found = {
        word: round(DOCUMENTS * count / len(articles))
        for word, count in having.items()
        if count >= RAREST * len(articles) and 2 * small[word] > all_[word]
    }
    for words in load_engine().stop_words.values():
        for word in opening_counts("", sorted(words)):
            found.setdefault(word, round(DOCUMENTS * STOP_WORD))
    data = {"documents": DOCUMENTS, "frequencies": dict(sorted(found.items()))}
    OUT.write_text(json.dumps(data, ensure_ascii=False, indent=None) + "\n", encoding="utf-8")
    print(f"{len(found)} words, {OUT.stat().st_size / 1000:.0f} KB")


if __name__ == "__main__":
    main()
