"""robots.txt (RFC 9309): whether programs may read a page; and the sitemaps that it names.

Ours and not urllib's, which takes the first rule that matches; the standard and every crawler take the longest.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit
from weakref import WeakValueDictionary

from sources.addresses import clean_address
from sources.client import fetch
from sources.errors import ForbiddenAddressError, HttpStatusError, RobotsError, RobotsUnreadableError, SourceError

if TYPE_CHECKING:
    from sources.client import GuardedSession

PRODUCT = "onrecord"
KEPT_FOR = timedelta(hours=24)
"""As the standard asks."""
RETRY_AFTER = timedelta(hours=1)
"""When a robots.txt could not be read."""
MAX_CHARACTERS = 500_000
"""What the standard asks to read at least (500 kibibytes)."""
MAX_RULES = 5_000
MAX_SITES = 2_000
MAX_SITEMAPS = 50
"""Of one site. Large papers name one a section; more is no help in finding the news."""


@dataclass(frozen=True, slots=True)
class Rules:
    """What one robots.txt says to us.

    Attributes:
        patterns: (path pattern, may it be read), in its order.
        sitemaps: Addresses of the site's sitemaps, in its order.
    """

    patterns: tuple[tuple[str, bool], ...] = ()
    sitemaps: tuple[str, ...] = ()

    def allow(self, url: str) -> bool:
        """Return whether ``url`` may be read: the longest pattern decides, of two as long the friendlier."""
        parts = urlsplit(url)
        path = unquote(parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if path == "/robots.txt":
            return True
        matches = ((len(pattern), allowed) for pattern, allowed in self.patterns if _matches(pattern, path))
        return max(matches, default=(0, True))[1]


EVERYTHING = Rules()
NOTHING = Rules((("/", False),))


def parse_robots(text: str) -> Rules:
    """Return the rules for us: those of groups that name us, else those of groups for everybody. Sitemaps are everybody's."""
    sitemaps: dict[str, None] = {}
    ours: list[tuple[str, bool]] = []
    others: list[tuple[str, bool]] = []
    named_us, agents, in_rules = False, set[str](), False
    for line in text[:MAX_CHARACTERS].lstrip("\ufeff").splitlines():
        field, _, value = line.partition("#")[0].partition(":")
        field, value = field.strip().lower(), value.strip()
        if field == "user-agent":
            # User-agent lines that follow each other share the rules below them.
            agents = {value.lower()} if in_rules else agents | {value.lower()}
            in_rules = False
            named_us = named_us or PRODUCT in agents
        elif field in {"allow", "disallow"}:
            in_rules = True
            target = ours if PRODUCT in agents else others if "*" in agents else None
            if target is not None and value and len(target) < MAX_RULES:
                target.append((unquote(value), field == "allow"))
        elif field == "sitemap" and len(sitemaps) < MAX_SITEMAPS and (address := clean_address(value)) is not None:
            sitemaps[address] = None
    return Rules(tuple(ours if named_us else others), tuple(sitemaps))


def _matches(pattern: str, path: str) -> bool:
    """Return whether a path begins with a pattern; ``*`` stands for anything, ``$`` at its end for the path's end.

    Time is linear in the path for each star.
    """
    anchored = pattern.endswith("$")
    first, *parts = pattern.removesuffix("$").split("*")
    if not path.startswith(first):
        return False
    at = len(first)
    for number, part in enumerate(parts, start=1):
        if anchored and number == len(parts):
            return path.endswith(part) and len(path) - len(part) >= at
        found = path.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return not anchored or at == len(path)


class RobotsKeeper:
    """Keeps the rules of each site for a day."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, tuple[Rules, datetime]] = OrderedDict()
        # Two sources of one site come at once; its rules are read once.
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def check(self, session: GuardedSession, url: str) -> None:
        """Refuse a page that its site asks programs not to read.

        Raises:
            RobotsError: if it does.
            RobotsUnreadableError: if its robots.txt cannot be read now.
            ForbiddenAddressError: if the site is a private one.
        """
        rules = await self._rules(session, url)
        if rules is NOTHING:
            raise RobotsUnreadableError(url, "the site's robots.txt cannot be read now")
        if not rules.allow(url):
            raise RobotsError(url, "the site's robots.txt asks programs not to read this page")

    async def sitemaps(self, session: GuardedSession, url: str) -> tuple[str, ...]:
        """Return the sitemaps that the site of ``url`` names; none where its robots.txt cannot be read.

        Raises:
            ForbiddenAddressError: if the site is a private one.
        """
        return (await self._rules(session, url)).sitemaps

    async def _rules(self, session: GuardedSession, url: str) -> Rules:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        turn = self._turns.setdefault(site, asyncio.Lock())
        async with turn:
            rules, until = self._kept.get(site, (EVERYTHING, session.clock()))
            if until <= session.clock():
                rules, kept_for = await _read(session, f"{site}/robots.txt")
                self._keep(site, rules, session.clock() + kept_for)
        return rules

    def _keep(self, site: str, rules: Rules, until: datetime) -> None:
        self._kept[site] = rules, until
        self._kept.move_to_end(site)
        if len(self._kept) > MAX_SITES:
            self._kept.popitem(last=False)


async def _read(session: GuardedSession, url: str) -> tuple[Rules, timedelta]:
    """Return a site's rules and how long they hold."""
    try:
        fetched = await fetch(session, url, accept="text/plain, */*;q=0.1")
    except ForbiddenAddressError:
        raise
    except HttpStatusError as exc:
        # The standard: no file, no rules; a site in trouble is left alone.
        refused = exc.status >= HTTPStatus.INTERNAL_SERVER_ERROR or exc.status == HTTPStatus.TOO_MANY_REQUESTS
        return (NOTHING, RETRY_AFTER) if refused else (EVERYTHING, KEPT_FOR)
    except SourceError:
        return NOTHING, RETRY_AFTER
    return parse_robots(fetched.text), KEPT_FOR
