"""Sending to Slack: the real client against a server as strict as the real one."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import pytest

from bot.sending import (
    ChannelGoneError,
    LostReplyError,
    RefusedError,
    RetryAfterError,
    SendError,
    TokenError,
    TransientError,
)
from bot.slack.render import SlackText, render
from bot.slack.response_url import ResponseUrlSender
from bot.slack.sender import SlackSender, slack_client
from bot.taps import TapMemory
from handlers.command import Channel
from tests.bot.messages import paragraph
from tests.platforms.faults import Drop, Fault
from tests.platforms.slack import BOT_TOKEN, SlackServer
from tests.platforms.slack_methods import SCOPES
from tests.platforms.traffic import SLACK_RATES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

WORLD = Channel("slack", "T0HARBOUR/C1")
(HELLO,) = render(paragraph("The harbour <!channel> stays open."))


@asynccontextmanager
async def sending(slack: SlackServer, token: str = BOT_TOKEN) -> AsyncIterator[SlackSender]:
    """Yield a sender to a workspace with one channel."""
    async with slack, slack_client(token, base_url=slack.base_url) as client:
        slack.channel("C1", "world")
        yield SlackSender(client, TapMemory())


async def test_a_message_arrives_as_rendered() -> None:
    """In its thread, nothing unfurled, nothing that acts, metadata kept."""
    slack = SlackServer()
    async with sending(slack) as sender:
        metadata = {"event_type": "outbox", "event_payload": {"id": "17"}}
        stamp = await sender.send(Channel("slack", "T0HARBOUR/C1", "1700000000.000100"), HELLO, metadata=metadata)
    (sent,) = slack.posting.sent
    assert (sent.ts, sent.channel, sent.thread_ts) == (stamp, "C1", "1700000000.000100")
    assert (sent.unfurls, sent.acting, sent.metadata) == (False, [], metadata)
    assert sent.text == "The harbour &lt;!channel&gt; stays open."


async def test_a_message_of_ours_can_be_edited() -> None:
    """Text and blocks are replaced."""
    slack = SlackServer()
    async with sending(slack) as sender:
        stamp = await sender.send(WORLD, render(paragraph("Reading the page …"))[0])
        await sender.edit(WORLD, stamp, HELLO)
        with pytest.raises(RefusedError, match="message_not_found"):
            await sender.edit(WORLD, "1.000001", HELLO)
    assert slack.posting.sent[0].versions == ["Reading the page …", "The harbour &lt;!channel&gt; stays open."]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=503, answer="upstream connect error"), TransientError),
        (Fault(answer={"ok": False, "error": "internal_error"}), TransientError),
        (Fault(drop=Drop.BEFORE), LostReplyError),
        (Fault(drop=Drop.AFTER), LostReplyError),
        (Fault(answer={"ok": False, "error": "invalid_blocks"}), RefusedError),
        (Fault(answer={"ok": False, "error": "is_archived"}), ChannelGoneError),
        (Fault(answer={"ok": False, "error": "token_revoked"}), TokenError),
    ],
)
async def test_what_goes_wrong_is_told_apart(fault: Fault, error: type[SendError]) -> None:
    """Try again, or never; and nothing is ever sent twice by the library itself."""
    slack = SlackServer()
    async with sending(slack) as sender:
        slack.faults.order(fault)
        with pytest.raises(SendError) as raised:
            await sender.send(WORLD, HELLO)
    assert type(raised.value) is error
    assert len(slack.posting.sent) == (fault.drop is Drop.AFTER)


async def test_no_connection_means_not_sent() -> None:
    """Where nothing answers, nothing was taken."""
    async with SlackServer() as slack:
        base_url = slack.base_url
    async with slack_client(BOT_TOKEN, base_url=base_url) as client:
        with pytest.raises(TransientError) as raised:
            await SlackSender(client, TapMemory()).send(WORLD, HELLO)
    assert type(raised.value) is TransientError


async def test_the_wait_that_is_asked_for_comes_through() -> None:
    """Slack's own number, in seconds; one message a second a channel."""
    now = [1000.0]
    slack = SlackServer(rates=SLACK_RATES, now=lambda: now[0])
    async with sending(slack) as sender:
        await sender.send(WORLD, HELLO)
        with pytest.raises(RetryAfterError) as raised:
            await sender.send(WORLD, HELLO)
        now[0] += raised.value.seconds
        await sender.send(WORLD, HELLO)
        slack.faults.order(
            Fault(status=429, answer={"ok": False, "error": "ratelimited"}, headers={"Retry-After": "37"})
        )
        with pytest.raises(RetryAfterError) as asked:
            await sender.send(WORLD, HELLO)
    assert (raised.value.seconds, asked.value.seconds) == (1, 37)
    assert slack.traffic.most(1, "C1") == 1


async def test_a_channel_that_is_gone_is_gone() -> None:
    """Unknown, archived, or private without an invitation."""
    slack = SlackServer()
    async with sending(slack) as sender:
        slack.channel("C2", is_archived=True)
        slack.channel("C3", is_private=True, is_member=False)
        slack.channel("C4", is_member=False)
        for name in ("C2", "C3", "C404"):
            with pytest.raises(ChannelGoneError):
                await sender.send(Channel("slack", f"T0HARBOUR/{name}"), HELLO)
        assert await sender.send(Channel("slack", "T0HARBOUR/C4"), HELLO)  # public: chat:write.public


async def test_a_wrong_token_or_missing_right_is_the_operators() -> None:
    """Nothing can be sent at all: not the channel's fault."""
    for slack, token in ((SlackServer(), "xoxb-wrong"), (SlackServer(scopes=SCOPES - {"chat:write"}), BOT_TOKEN)):
        async with sending(slack, token) as sender:
            with pytest.raises(TokenError):
                await sender.send(WORLD, HELLO)


async def test_a_message_without_words_is_refused() -> None:
    """The server is strict where Slack only warns: a text stands beside blocks, always."""
    async with sending(SlackServer()) as sender:
        with pytest.raises(RefusedError, match="no_text"):
            await sender.send(WORLD, SlackText("", HELLO.blocks))


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (Fault(status=429, answer="slow down", headers={"Retry-After": "7"}), RetryAfterError),
        (Fault(status=502, answer="upstream"), TransientError),
        (Fault(status=404, answer="expired_url"), RefusedError),
        (Fault(drop=Drop.BEFORE), LostReplyError),
    ],
)
async def test_a_response_url_fails_in_the_same_ways(fault: Fault, error: type[SendError]) -> None:
    """The same tree of errors; the address, a secret, is in none of them."""
    slack = SlackServer()
    async with slack, slack_client(BOT_TOKEN, base_url=slack.base_url) as client:
        assert client.session is not None
        slack.faults.order(fault)
        sender = ResponseUrlSender(
            slack.base_url.replace("/api/", "/commands/hook"), client.session, TapMemory(), replaces=False
        )
        with pytest.raises(SendError) as raised:
            await sender.send(WORLD, HELLO)
    assert type(raised.value) is error
    assert "/commands/" not in str(raised.value)


async def test_a_response_url_nobody_answers_took_nothing() -> None:
    """Sending again is safe; and what was typed cannot be replaced."""
    async with SlackServer() as slack:
        url = slack.base_url.replace("/api/", "/commands/hook")
    async with slack_client(BOT_TOKEN) as client:
        assert client.session is not None
        sender = ResponseUrlSender(url, client.session, TapMemory(), replaces=False)
        with pytest.raises(TransientError) as raised:
            await sender.send(WORLD, HELLO)
        with pytest.raises(RefusedError, match="nothing to replace"):
            await sender.edit(WORLD, "1.000001", HELLO)
    assert type(raised.value) is TransientError
