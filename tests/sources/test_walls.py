"""Pages that stand in front of an article."""

from __future__ import annotations

import pytest

from sources.walls import wall_of

ASKED = "https://news.example/dam"
PAID = '<script type="application/ld+json">{"@type":"NewsArticle","isAccessibleForFree": "False"}</script>'


@pytest.mark.parametrize(
    ("page", "url", "words", "reason"),
    [
        ("<p>It held.</p>", ASKED, 600, None),
        ("<p>It held.</p>", "https://consent.news.example/collect?x=1", 90, "consent"),
        ("<p>It held.</p>", "https://news.example/account/login?next=/dam", 90, "log in"),
        ("<title>Just a moment...</title>", ASKED, 10, "person"),
        ("<title>Just a moment: the dam held</title>", ASKED, 700, None),  # an article
        (PAID, ASKED, 80, "paywall"),
        (PAID, ASKED, 700, None),  # marked, yet all of it is there
        (PAID.replace('"False"', "true"), ASKED, 80, None),
        ("<p>It held.</p><div>Subscribe to continue reading</div>", ASKED, 60, "paywall"),
        ("<p>It held.</p><div>This article is only available to paying subscribers.</div>", ASKED, 60, "paywall"),
        ("<p>Er hielt.</p><div>Jetzt mit einem Digitalabo weiterlesen</div>", ASKED, 60, "paywall"),
        ("<p>It held.</p><div>Subscribe to continue reading</div>", ASKED, 400, None),  # all of it is there
        ("<p>It held.</p><div>Already a subscriber? Log in</div>", ASKED, 60, None),
        ("<p>A short report.</p>", ASKED, 60, None),
        ("", "http://[::1", 0, None),
    ],
)
def test_what_stands_in_front_is_named(page: str, url: str, words: int, reason: str | None) -> None:
    """With the reason that is reported instead of an article."""
    found = wall_of(page, asked=ASKED, url=url, words=words)
    assert (found is None) if reason is None else (found is not None and reason in found)


def test_a_login_that_was_asked_for_is_a_page() -> None:
    """An article may have such a word in its address."""
    assert (
        wall_of("", asked="https://news.example/login/story", url="https://news.example/login/story", words=9) is None
    )


def test_a_long_page_costs_little_time() -> None:
    """Linear, whatever stands in it."""
    assert wall_of("isAccessibleForFree" * 50_000 + "<title>" * 100_000, asked=ASKED, url=ASKED, words=0) is None
