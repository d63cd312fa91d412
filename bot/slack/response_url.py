"""Answers by Slack's response_url: seen by the one who asked, five within half an hour, and no channel is counted.

The address is a secret: whoever has it can post. It is held while one command is answered, and stored nowhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aiohttp import ClientConnectorError, ClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.sending import LostReplyError, RefusedError, RetryAfterError, SendError, TransientError
from bot.slack.sender import ASK_WAIT, SERVER_ERROR, TOO_MANY

if TYPE_CHECKING:
    from aiohttp import ClientSession
    from slack_sdk.webhook import WebhookResponse

    from bot.slack.render import SlackText
    from bot.taps import TapStore
    from handlers.command import Channel

OK = 200


class ResponseUrlSender:
    """A ``Sender`` of ``SlackText`` for the answer to one slash command or tap.

    Args:
        url: The response_url.
        session: The client's HTTP session.
        taps: Keeps the commands behind button tokens.
        replaces: Whether an edit can replace the message that was tapped; after a slash command there is none.
    """

    def __init__(self, url: str, session: ClientSession, taps: TapStore, *, replaces: bool) -> None:
        self._hook = AsyncWebhookClient(url, session=session, retry_handlers=[])
        self._taps = taps
        self._replaces = replaces

    async def send(self, channel: Channel, part: SlackText, *, reply_to: str | None = None) -> str:
        """Answer the one who asked; see ``Sender.send``. Such messages have no id: "" is returned."""
        del reply_to
        await self._post(channel, part, replace=False)
        return ""

    async def edit(self, channel: Channel, message_id: str, part: SlackText) -> None:
        """Replace the tapped message, see ``Sender.edit``.

        Raises:
            RefusedError: if the command was typed, so that there is nothing to replace.
        """
        if not self._replaces or not message_id:
            raise RefusedError(channel, "nothing to replace")
        await self._post(channel, part, replace=True)

    async def _post(self, channel: Channel, part: SlackText, *, replace: bool) -> None:
        await self._taps.keep(dict(part.taps))
        body: dict[str, Any] = {"text": part.text, "blocks": list(part.blocks), "response_type": "ephemeral"}
        try:
            answer = await self._hook.send_dict(body | {"replace_original": replace})
        except ClientConnectorError as exc:
            raise TransientError(channel, type(exc).__name__) from exc
        except (ClientError, TimeoutError, OSError) as exc:
            raise LostReplyError(channel, type(exc).__name__) from exc
        if answer.status_code != OK:
            raise _refusal(answer, channel)


def _refusal(answer: WebhookResponse, channel: Channel) -> SendError:
    if answer.status_code == TOO_MANY:
        return RetryAfterError(channel, float(answer.headers.get("Retry-After", ASK_WAIT)))
    if answer.status_code >= SERVER_ERROR:
        return TransientError(channel, f"HTTP {answer.status_code}")
    return RefusedError(channel, answer.body[:100])
