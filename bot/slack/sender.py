"""Rendered messages to Slack, by slack_sdk; its errors become ours in one place."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectorError, ClientError, ClientSession, ClientTimeout, TCPConnector
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sending import (
    ChannelGoneError,
    LostReplyError,
    RefusedError,
    RetryAfterError,
    SendError,
    TokenError,
    TransientError,
)

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from bot.slack.render import SlackText
    from bot.taps import TapStore
    from handlers.command import Channel

API = "https://slack.com/api/"
CLIENT_TIMEOUT = 8.0  # seconds, for a whole call
IN_FLIGHT = 10
ASK_WAIT = 30.0  # seconds, where Slack asks to wait and does not say how long
_GONE = {
    "account_inactive", "channel_not_found", "is_archived", "is_inactive", "not_in_channel", "restricted_action",
    "restricted_action_read_only_channel", "restricted_action_thread_only_channel", "user_disabled", "cannot_dm_bot",
}  # fmt: skip
_TOKEN = {
    "access_denied", "ekm_access_denied", "invalid_auth", "missing_scope", "no_permission", "not_allowed_token_type",
    "not_authed", "org_login_required", "team_access_not_granted", "token_expired", "token_revoked",
}  # fmt: skip
_FAULTS = {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org"}
SERVER_ERROR = 500
TOO_MANY = 429


@asynccontextmanager
async def slack_client(token: str, *, base_url: str = API) -> AsyncIterator[AsyncWebClient]:
    """Yield a client with our timeouts and number of connections; it never sends anything twice by itself.

    Args:
        token: A bot token, "xoxb-…".
        base_url: A test's Slack, with "/api/" at its end.
    """
    # Without a session the library opens a connection per call. Its default retries post twice when a reply is lost.
    timeout = ClientTimeout(total=CLIENT_TIMEOUT)
    async with ClientSession(timeout=timeout, connector=TCPConnector(limit=IN_FLIGHT)) as session:
        yield AsyncWebClient(token, base_url, session=session, retry_handlers=[])


class SlackSender:
    """A ``Sender`` of ``SlackText``.

    Args:
        client: An opened client.
        taps: Keeps the commands behind button tokens, before the buttons are sent.
    """

    def __init__(self, client: AsyncWebClient, taps: TapStore) -> None:
        self._client = client
        self._taps = taps

    async def send(
        self,
        channel: Channel,
        part: SlackText,
        *,
        reply_to: str | None = None,
        metadata: Mapping[str, Any] | None = None,
    ) -> str:
        """Post a message and return its stamp; see ``Sender.send``.

        Args:
            channel: Where; a thread in it is kept.
            part: One rendered message.
            reply_to: Ignored: an answer belongs to its thread, and a thread is part of the channel.
            metadata: Slack's message metadata (event_type, event_payload): what tells after a lost reply whether it was
                taken, where history may be read.
        """
        del reply_to
        await self._taps.keep(dict(part.taps))
        response = await self._call(
            channel,
            "chat.postMessage",
            _body(part)
            | ({"thread_ts": channel.thread} if channel.thread else {})
            | ({"metadata": metadata} if metadata else {}),
        )
        return str(response["ts"])

    async def edit(self, channel: Channel, message_id: str, part: SlackText) -> None:
        """Put a message in the place of one of ours; see ``Sender.edit``."""
        await self._taps.keep(dict(part.taps))
        await self._call(channel, "chat.update", _body(part) | {"ts": message_id})

    async def _call(self, channel: Channel, method: str, body: dict[str, Any]) -> Mapping[str, Any]:
        try:
            response = await self._client.api_call(method, json=body | {"channel": channel_id(channel)})
        except (SlackApiError, ClientError, TimeoutError, OSError) as exc:
            raise translated(exc, channel) from exc
        # Bytes come for files only.
        return response.data if isinstance(response.data, dict) else {}


def channel_id(channel: Channel) -> str:
    """Return what Slack calls the channel: "C…" of "T…/C…"."""
    return channel.chat.rpartition("/")[2]


def translated(exc: Exception, channel: Channel) -> SendError:
    """Return our error for the client library's."""
    if isinstance(exc, SlackApiError):
        return _refusal(exc, channel)
    if isinstance(exc, ClientConnectorError):
        return TransientError(channel, type(exc).__name__)
    return LostReplyError(channel, type(exc).__name__)


def _refusal(exc: SlackApiError, channel: Channel) -> SendError:
    response = exc.response
    status = response.status_code if hasattr(response, "status_code") else response.status
    data = getattr(response, "data", None)
    error = str(data.get("error", "")) if isinstance(data, dict) else ""
    if status == TOO_MANY or error in {"ratelimited", "rate_limited"}:
        return RetryAfterError(channel, float(response.headers.get("Retry-After", ASK_WAIT)))
    if status >= SERVER_ERROR or error in _FAULTS:
        return TransientError(channel, error or f"HTTP {status}")
    if error in _GONE:
        return ChannelGoneError(channel, error)
    if error in _TOKEN:
        return TokenError(channel, error)
    return RefusedError(channel, error or f"HTTP {status}")


def _body(part: SlackText) -> dict[str, Any]:
    return {"text": part.text, "blocks": list(part.blocks), "unfurl_links": False, "unfurl_media": False}
