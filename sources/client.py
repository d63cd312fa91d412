"""The one guarded client through which everything from outside comes in.

``guarded_session(options)`` opens it, ``fetch(session, url)`` reads one address to its end. Only public addresses are
dialled, bytes are counted while they arrive (after decompression), the whole exchange has one deadline, and the five
redirects it may take are followed here, so that each is checked and waits its turn at its own host.
"""

from __future__ import annotations

import asyncio
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Protocol
from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

from aiohttp import (
    ClientConnectorError,
    ClientError,
    ClientPayloadError,
    ClientSession,
    ClientSSLError,
    ClientTimeout,
    DummyCookieJar,
    TCPConnector,
    TraceConfig,
)

from sources.addresses import host_of
from sources.decoding import decode
from sources.errors import (
    FetchError,
    FetchTimeoutError,
    HttpStatusError,
    PrivateAddressError,
    RefusedError,
    TooLargeError,
    UnreachedError,
    UnsafeError,
)
from sources.guard import ForbiddenDialError, Guard
from sources.lanes import GAP, HostLanes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from types import SimpleNamespace

    from aiohttp import ClientResponse
    from aiohttp.abc import AbstractResolver

MAX_BYTES = 10_000_000
"""Of one body after decompression."""
DEADLINE = timedelta(seconds=20)
"""For one exchange, from the first dial to the last byte, redirects included, waiting for a host's turn excluded."""
MAX_REDIRECTS = 5
MAX_HEADER_BYTES = 32_768
"""Of one header. aiohttp's 8,190 is too short for the security policies that some news sites send."""
MAX_WAIT = timedelta(days=7)
"""The longest Retry-After or max-age that is believed."""
CHUNK_BYTES = 65_536

_REDIRECTS = {301, 302, 303, 307, 308}
_PERMANENT = {301, 308}
_PORTS = {"http": 80, "https": 443}
_MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ClientOptions:
    """How the client behaves; the defaults are for news.

    Attributes:
        user_agent: Who we are and how to reach the operator; see ``user_agent()``.
        proxy: ``http://…`` through which everything goes, or None. May hold a password.
        guard: What may be dialled. With a proxy names are looked up by the proxy, so its own rules count there: then
            only what stands in the address itself is checked here.
        gap: Seconds between two requests to one host.
        resolver: How names are looked up; None is the system's way.
    """

    user_agent: str
    proxy: str | None = field(default=None, repr=False)
    guard: Guard = field(default_factory=Guard)
    deadline: timedelta = DEADLINE
    max_bytes: int = MAX_BYTES
    max_redirects: int = MAX_REDIRECTS
    gap: float = GAP
    max_in_flight: int = 50
    resolver: AbstractResolver | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer, read to its end.

    Attributes:
        status: 200 to 299, or 304 (then the body is empty: what we have is still good).
        url: The address that answered, after redirects.
        body: Decompressed bytes.
        content_type: As sent, lower case, parameters included; empty where the site does not say.
        etag: To be sent with the next request, like ``last_modified``; None where not sent.
        fresh_for: How long the site says the answer stays good; None where it does not say.
        retry_after: How long the site asks us to wait.
        moved_to: Where the address has moved for good: the end of an unbroken chain of 301 and 308; None otherwise.
    """

    status: int
    url: str
    body: bytes
    content_type: str = ""
    etag: str | None = None
    last_modified: str | None = None
    fresh_for: timedelta | None = None
    retry_after: timedelta | None = None
    moved_to: str | None = None

    @property
    def text(self) -> str:
        """The body decoded, whatever it says about its character set."""
        return decode(self.body, self.content_type)

    @property
    def unchanged(self) -> bool:
        """Whether the site says that nothing is new since ``etag`` or ``last_modified``."""
        return self.status == HTTPStatus.NOT_MODIFIED


@dataclass(frozen=True, slots=True)
class GuardedSession:
    """An open client. Made by ``guarded_session``, used by ``fetch``."""

    http: ClientSession
    options: ClientOptions
    lanes: HostLanes
    clock: Callable[[], datetime]


class RobotsRules(Protocol):
    """The part of ``RobotsKeeper`` that is needed here."""

    async def check(self, session: GuardedSession, url: str) -> None:
        """Refuse, by RobotsError, an address that its site asks programs not to read."""
        ...


def user_agent(version: str, contact: str) -> str:
    """Return the User-Agent: who we are, and how a site reaches whoever runs this.

    Args:
        version: Ours.
        contact: An address or a page; what could end the header is taken out. Empty where the operator gave none.
    """
    clean = re.sub(r"[^\x21-\x7e]+", " ", contact).replace("(", "").replace(")", "").strip()[:200]
    return f"OnRecord/{version} (news reader{'; ' + clean if clean else ''})"


def _utc_now() -> datetime:
    return datetime.now(UTC)


@asynccontextmanager
async def guarded_session(
    options: ClientOptions, *, lanes: HostLanes | None = None, clock: Callable[[], datetime] = _utc_now
) -> AsyncIterator[GuardedSession]:
    """Open the client; close it when the block ends. One is enough for the whole process."""
    connector = TCPConnector(
        limit=options.max_in_flight,
        resolver=options.resolver,
        # The proxy was named by the operator, and nothing else is dialled then.
        socket_factory=None if options.proxy else options.guard.socket_for,
    )
    async with ClientSession(
        connector=connector,
        cookie_jar=DummyCookieJar(),
        headers={"User-Agent": options.user_agent, "Accept-Encoding": "gzip, deflate"},
        # aiohttp's own timeouts start again with every byte; ours, in fetch(), does not.
        timeout=ClientTimeout(total=None, sock_connect=None),
        max_line_size=MAX_HEADER_BYTES,
        max_field_size=MAX_HEADER_BYTES,
        trust_env=False,
        trace_configs=[_connections()],
    ) as http:
        yield GuardedSession(http, options, lanes or HostLanes(gap=options.gap), clock)


def _connections() -> TraceConfig:
    """Return what tells a request's list once it has a connection: without one, a time-out says nothing of the site."""
    trace = TraceConfig()

    async def connected(_: ClientSession, context: SimpleNamespace, __: object) -> None:
        context.trace_request_ctx.append(True)

    trace.on_connection_create_end.append(connected)
    trace.on_connection_reuseconn.append(connected)
    return trace


async def fetch(  # noqa: PLR0913 - what goes beyond an address is named at the call
    session: GuardedSession,
    url: str,
    *,
    etag: str | None = None,
    last_modified: str | None = None,
    accept: str = "*/*",
    robots: RobotsRules | None = None,
) -> Fetched:
    """Return what ``url`` answers, read to its end.

    Args:
        session: The open client.
        url: Where to look.
        etag: Of the answer we have; the site may then say that nothing is new (304).
        last_modified: The same by date.
        accept: What we would like, as an Accept header.
        robots: Asked before each request, redirects included: they lead to other sites, too.

    Raises:
        RobotsError: if ``robots`` says no.
        ForbiddenAddressError: if this address or one it redirects to is private or no web address.
        UnreachedError: if no connection was made; where the site refused it, a RefusedError.
        UnsafeError: if there is no TLS, or no good certificate.
        FetchTimeoutError: if the whole exchange took longer than it may.
        HttpStatusError: on a status of 400 or above.
        TooLargeError: if the body, decompressed, goes on after ``max_bytes``.
        FetchError: on any other failure.
    """
    headers = _conditions(etag, last_modified) | {"Accept": accept}
    left, at, moved_to, still_permanent = session.options.deadline.total_seconds(), url, None, True
    loop = asyncio.get_running_loop()
    for _ in range(session.options.max_redirects + 1):
        session.options.guard.check_url(at)
        if robots is not None:
            await robots.check(session, at)
        async with session.lanes.lane(host_of(at)):
            started = loop.time()
            answer = await _exchange(session, at, headers, left)
            left -= loop.time() - started
        if isinstance(answer, Fetched):
            return _with_move(answer, moved_to)
        still_permanent = still_permanent and answer.permanent
        at = answer.target
        moved_to = at if still_permanent else moved_to
    raise FetchError(url, f"more than {session.options.max_redirects} redirects")


@dataclass(frozen=True, slots=True)
class _Redirect:
    target: str
    permanent: bool


async def _exchange(
    session: GuardedSession, url: str, headers: Mapping[str, str], seconds: float
) -> Fetched | _Redirect:
    """Send one request and read its answer; every foreign error becomes ours here."""
    connected: list[bool] = []
    try:
        async with (
            asyncio.timeout(seconds),
            session.http.get(
                url,
                headers=headers,
                allow_redirects=False,
                proxy=session.options.proxy,
                trace_request_ctx=connected,
            ) as response,
        ):
            return await _read(session, url, response)
    except TimeoutError as exc:
        if not connected:
            raise UnreachedError(url, "no connection in time") from exc
        raise FetchTimeoutError(url, "no whole answer in time") from exc
    except ClientConnectorError as exc:
        if isinstance(exc.os_error, ForbiddenDialError):
            raise PrivateAddressError(url, "the address is private") from exc
        if isinstance(exc, ClientSSLError):
            raise UnsafeError(url, "no safe connection can be made to the site") from exc
        # Through a proxy it is the proxy that refused.
        refused = isinstance(exc.os_error, ConnectionError) and session.options.proxy is None
        raise (RefusedError if refused else UnreachedError)(url, "the site cannot be reached") from exc
    except ClientPayloadError as exc:
        raise FetchError(url, "the answer broke off or cannot be decompressed") from exc
    # yarl and idna raise ValueError (UnicodeError is one) on hosts that no name server knows.
    except (ClientError, ValueError, OSError) as exc:
        raise FetchError(url, f"no good answer ({type(exc).__name__})") from exc


async def _read(session: GuardedSession, url: str, response: ClientResponse) -> Fetched | _Redirect:
    """Return the answer of one request, or where it sends us."""
    now = session.clock()
    retry_after = wait_of(response.headers.get("Retry-After"), now)
    location = response.headers.get("Location")
    if response.status in _REDIRECTS and location:
        return _Redirect(redirect_target(url, location), permanent=response.status in _PERMANENT)
    if response.status >= HTTPStatus.BAD_REQUEST:
        raise HttpStatusError(url, response.status, retry_after)
    unchanged = response.status == HTTPStatus.NOT_MODIFIED
    if unchanged and not {"If-None-Match", "If-Modified-Since"} & response.request_info.headers.keys():
        # Taken for an answer, a new source would count as read in, and its first entries as news.
        raise FetchError(url, "the site says that nothing has changed, but was not asked that")
    if not unchanged and response.status >= HTTPStatus.MULTIPLE_CHOICES:
        raise FetchError(url, f"the site answered HTTP {response.status} without a place to go")
    return Fetched(
        status=response.status,
        url=url,
        body=b"" if unchanged else await _body(url, response, session.options.max_bytes),
        content_type=response.headers.get("Content-Type", "").lower(),
        etag=response.headers.get("ETag"),
        last_modified=response.headers.get("Last-Modified"),
        fresh_for=fresh_for(response.headers, now),
        retry_after=retry_after,
    )


def redirect_target(url: str, location: str) -> str:
    """Return where a redirect leads. A name and password go along to the same host, unless they would lose their cover.

    Sites send http on to https by whole addresses, and a private feed is refused there without them.
    """
    here, there = urlsplit(url), urlsplit(urljoin(url, location))
    ports = _port(here), _port(there)
    same = here.scheme == there.scheme and ports[0] == ports[1]
    safer = (here.scheme, there.scheme, *ports) == ("http", "https", *_PORTS.values())
    if "@" in here.netloc and "@" not in there.netloc and here.hostname == there.hostname and (same or safer):
        there = there._replace(netloc=f"{here.netloc.rpartition('@')[0]}@{there.netloc}")
    return urlunsplit(there)


def _port(address: SplitResult) -> int | None:
    """Return the port that is dialled, written or not."""
    return address.port if address.port is not None else _PORTS.get(address.scheme)


async def _body(url: str, response: ClientResponse, max_bytes: int) -> bytes:
    """Return the body, or refuse it at the first byte too many.

    Content-Length is not asked: it may lie, and it counts compressed bytes. aiohttp inflates at most 256 KB ahead of
    what is read here, so a bomb costs that much (tests/sources/test_client.py measures it).
    """
    parts = bytearray()
    async for chunk in response.content.iter_chunked(CHUNK_BYTES):
        parts += chunk
        if len(parts) > max_bytes:
            response.close()
            raise TooLargeError(url, f"longer than {max_bytes / 1_000_000:g} MB")
    return bytes(parts)


def _with_move(answer: Fetched, moved_to: str | None) -> Fetched:
    return replace(answer, moved_to=moved_to) if moved_to else answer


def _conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Return the headers of a conditional request; values that would break a header are left out."""
    wanted = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in wanted.items() if value and value.isprintable()}


def wait_of(header: str | None, now: datetime) -> timedelta | None:
    """Return the wait of a ``Retry-After`` header (seconds, or a date), None where it says nothing we understand."""
    if not header:
        return None
    text = header.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), MAX_WAIT)
    moment = _moment(text)
    return None if moment is None else min(max(moment - now, timedelta()), MAX_WAIT)


def fresh_for(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Return how long an answer stays good by ``Cache-Control: max-age``, else ``Expires``; None where neither says."""
    control = headers.get("Cache-Control", "")
    if "no-cache" in control.lower() or "no-store" in control.lower():
        return None
    if (found := _MAX_AGE.search(control)) is not None:
        return min(timedelta(seconds=int(found[1])), MAX_WAIT)
    moment = _moment(headers.get("Expires", ""))
    return min(moment - now, MAX_WAIT) if moment is not None and moment > now else None


def _moment(text: str) -> datetime | None:
    """Return the moment of an HTTP date; None where it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
