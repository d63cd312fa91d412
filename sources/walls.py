"""Pages that stand in front of an article: consent, login, payment, "are you a person". Pure.

They answer 200 and look like pages; stored, they would be articles full of nothing.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from sources.addresses import host_of
from sources.full_text import FULL_WORDS

MAX_CHARACTERS = 1_000_000
FEW_WORDS = 120
"""A check or a login has fewer; an article that speaks of captchas has more."""

_CONSENT_HOST = re.compile(r"^(?:consent|guce|cmp|privacy|cookies?)\.")
_LOGIN_PATH = re.compile(r"/(?:log-?in|sign-?in|register|subscribe|paywall|account|auth|sso)(?:[/.?]|$)", re.IGNORECASE)
# schema.org's word for a paywall, which search engines make publishers write.
_NOT_FREE = re.compile(r"""isAccessibleForFree["']?\s{0,5}[:=]\s{0,5}["']?false""", re.IGNORECASE)
_CHECK = re.compile(
    r"<title>\s{0,20}(?:just a moment|attention required|access (?:to this page has been )?denied|are you a robot"
    r"|pardon our interruption|security check|verifying you are human|client challenge)"
    r"|please enable js and disable any ad blocker|/cdn-cgi/challenge-platform/|g-recaptcha|px-captcha",
    re.IGNORECASE,
)

# Words that stand under a stub and nowhere else: not "Already a subscriber?", which stands over whole articles, too.
_STUB = re.compile(
    r"(?:subscribe|sign in|log in|register)(?: now| today| here)? to (?:continue|keep) reading"
    r"|to (?:continue|keep) reading(?: this (?:article|story))?,? (?:please )?(?:subscribe|sign in|log in|register)"
    r"|this (?:article|story|content) is (?:only |exclusively )?(?:available (?:only )?(?:to|for)|reserved for|for)"
    r" (?:our |paying |premium )?(?:subscribers|members)"
    r"|(?:dieser|diesen) artikel (?:ist nur für|lesen nur) abonnent"
    r"|mit einem (?:digital)?abo(?:nnement)? weiterlesen",
    re.IGNORECASE,
)


def wall_of(page: str, *, asked: str, url: str, words: int) -> str | None:
    """Return what stands in front of an article, as a reason for people; None where nothing does.

    Args:
        page: Its HTML.
        asked: The address that was asked for.
        url: The address that answered.
        words: How many words the cleaner found in it.
    """
    if _CONSENT_HOST.match(host_of(url)) and not _CONSENT_HOST.match(host_of(asked)):
        return "the site sent its consent page instead of the article"
    if _LOGIN_PATH.search(_path(url)) and not _LOGIN_PATH.search(_path(asked)):
        return "the site asks to log in or subscribe first"
    head = page[:MAX_CHARACTERS]
    if words < FEW_WORDS and _CHECK.search(head) is not None:
        return "the site asks whether we are a person"
    if words < FULL_WORDS and (_NOT_FREE.search(head) or _STUB.search(head)) is not None:
        return "the article is behind a paywall; only its beginning can be read"
    return None


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""
