"""Errors of the sources.

* SourceError               something outside failed; try the others
  - FetchError              no answer, or not a good one
    · FetchTimeoutError     no answer in time
    · UnreachedError        no connection was made: no name, nobody there, no line
      RefusedError          the site is there, and takes no connections at this port
    · UnsafeError           a connection, but no safe one: no TLS there, or a certificate that is not good
    · ForbiddenAddressError   the address is private, or no web address: refused before a byte was sent
      PrivateAddressError     it is private, so that an operator may allow it
    · HttpStatusError       an answer that says no; has the status and how long to wait
    · TooLargeError         the body did not end in time to be read whole
    · RobotsError           the site asks programs not to read this page
      RobotsUnreadableError   it is not known whether it does: its robots.txt cannot be read now
    · NotHtmlError          an answer, but no page with text
  - FeedError               an answer, but no feed in it that we would read
    · ParseTimeoutError     the parser did not end in time, or died
    · BrokenFeedError       a feed, but so broken that no entry can be read
    · NoNewsError           a sitemap, and no news in it
    · SitemapListError      a list of sitemaps, of which one may be of news; has their addresses
* FileError                 a file from which no text can be read
"""

from __future__ import annotations

import copyreg
from typing import TYPE_CHECKING

from sources.addresses import without_password

if TYPE_CHECKING:
    from datetime import timedelta


class SourceError(Exception):
    """A source gave nothing.

    Attributes:
        url: Where we looked, without user name and password.
        reason: Why, in plain words.
    """

    def __init__(self, url: str, reason: str) -> None:
        # Half a character, as broken headers hold them, could neither be shown nor stored.
        self.url = without_password(url).encode(errors="replace").decode()
        self.reason = reason
        super().__init__(f"{reason}: {self.url}")

    def __reduce__(self) -> tuple[object, ...]:
        """Return how to make it again in another process: an exception is remade from its message otherwise."""
        return copyreg.__newobj__, (type(self), *self.args), self.__dict__  # type: ignore[attr-defined] # not in typeshed


class FetchError(SourceError):
    """No answer, or not a good one."""


class FetchTimeoutError(FetchError):
    """The whole exchange took longer than it may."""


class UnreachedError(FetchError):
    """No connection was made: the name is not known, nobody answers there, or our own line is down."""


class RefusedError(UnreachedError):
    """The site is there and takes no connections at this port: for one without https that is the port of https."""


class UnsafeError(FetchError):
    """The site answers, but no safe connection can be made to it: it has no TLS, or no good certificate."""


class ForbiddenAddressError(FetchError):
    """The address is private or no web address; nothing was sent."""


class PrivateAddressError(ForbiddenAddressError):
    """The address, or the name, is a private one; an operator may allow it."""


class HttpStatusError(FetchError):
    """The site answered, and the answer is no.

    Attributes:
        status: The HTTP status, 400 or above.
        retry_after: How long the site asks us to wait; None where it does not say.
    """

    def __init__(self, url: str, status: int, retry_after: timedelta | None) -> None:
        super().__init__(url, f"the site answered HTTP {status}")
        self.status = status
        self.retry_after = retry_after


class TooLargeError(FetchError):
    """The body, decompressed, is longer than we read."""


class RobotsError(FetchError):
    """The site's robots.txt asks programs not to read this page."""


class RobotsUnreadableError(RobotsError):
    """The site's robots.txt cannot be read now, so the page is left alone for now."""


class NotHtmlError(FetchError):
    """A picture, a film, a PDF: nothing we can read an article from."""


class FeedError(SourceError):
    """An answer, but no feed in it that we would read."""


class ParseTimeoutError(FeedError):
    """The parser took too long or too much memory and was ended."""


class BrokenFeedError(FeedError):
    """A feed that breaks off, or is no well-formed XML, and from which no entry can be read."""


class NoNewsError(FeedError):
    """A sitemap of pages of every kind and age: nothing in it tells what is new."""

    def __init__(self, url: str) -> None:
        super().__init__(url, "this sitemap lists a site's pages, not its news; only news sitemaps can be followed")


class SitemapListError(FeedError):
    """A list of sitemaps (a sitemap index).

    Attributes:
        sitemaps: Their addresses, in its order.
    """

    def __init__(self, url: str, sitemaps: tuple[str, ...]) -> None:
        super().__init__(url, "this is a list of sitemaps; add the one with the news")
        self.sitemaps = sitemaps


class FileError(Exception):
    """A file from which no text can be read; the message says why and what to do."""
