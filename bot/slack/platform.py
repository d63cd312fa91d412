"""Slack as delivery sees it: what was sent carries its number in the outbox, and can be looked up by it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.delivery.platform import Platform
from bot.slack.render import SlackText, render
from bot.slack.sender import channel_id, translated

if TYPE_CHECKING:
    from datetime import datetime

    from slack_sdk.web.async_client import AsyncWebClient

    from bot.delivery.pacer import Pacer
    from bot.slack.sender import SlackSender
    from handlers.command import Channel

EVENT_TYPE = "onrecord_part"
PAGE = 100  # messages; a channel does not get more in the seconds between a crash and the next start
CLOCKS_DIFFER = 60.0  # seconds that Slack's clock and ours may be apart


class SlackHistory:
    """Finds a message of ours by its metadata, where the app may read the channel's history."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def find(self, channel: Channel, part_id: int, since: datetime) -> str | None:
        """Return the stamp of the message that carries ``part_id``; see ``Finder.find``."""
        asked = {
            "channel": channel_id(channel),
            "oldest": f"{since.timestamp() - CLOCKS_DIFFER:.6f}",
            "limit": PAGE,
            "include_all_metadata": True,
        }
        method = "conversations.history"
        if channel.thread is not None:
            method, asked = "conversations.replies", asked | {"ts": channel.thread}
        try:
            response = await self._client.api_call(method, params=asked)
        except (SlackApiError, ClientError, TimeoutError, OSError) as exc:
            raise translated(exc, channel) from exc
        messages: list[dict[str, Any]] = response.get("messages", [])
        for message in messages:
            metadata = message.get("metadata", {})
            if metadata.get("event_type") == EVENT_TYPE and metadata.get("event_payload", {}).get("part") == part_id:
                return str(message["ts"])
        return None


def slack_platform(sender: SlackSender, client: AsyncWebClient, pacer: Pacer, *, app_id: str) -> Platform[SlackText]:
    """Return Slack with one bot's token."""

    async def post(channel: Channel, part: SlackText, part_id: int) -> str:
        metadata = {"event_type": EVENT_TYPE, "event_payload": {"part": part_id}}
        return await sender.send(channel, part, metadata=metadata)

    return Platform(
        "slack", f"slack:{app_id}", render, SlackText, post, sender.edit, pacer, finder=SlackHistory(client)
    )
