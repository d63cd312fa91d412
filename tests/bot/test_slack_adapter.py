"""Slack in and out: dialogues over sockets, real Bolt on one side, a strict server on the other."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from structlog.testing import capture_logs

from bot.answering import FAILED, says
from bot.sending import NotLetInError
from bot.slack.adapter import COMMANDS, EventMemory, SlackAdapter
from bot.slack.incoming import plain
from bot.slack.sender import SlackSender, slack_client
from bot.taps import TapMemory
from handlers.command import Channel, Command, Pasted
from summaries.message import Action, Actions, Message, Paragraph, Run
from tests.bot.slack_chat import chatting
from tests.bot.telegram_chat import Asked, Silence
from tests.platforms.faults import Drop, Fault
from tests.platforms.slack import ACK_WITHIN, APP_TOKEN, BOT_TOKEN, SlackServer
from tests.platforms.slack_methods import BOT_USER, SCOPES

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


# A command too long for a button's value travels as a token.
LONG = "/subscribe " + "x" * 2000
BUTTONS = Message((Paragraph((Run("Ida Moor"),)), Actions((Action("Proof", "/q1"), Action("Tell me", LONG)))))


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    """An open server with a channel and a direct message."""
    async with SlackServer() as server:
        server.channel("C1", "world")
        server.channel("D1")
        yield server


async def test_a_slash_command_is_acknowledged_and_answered_to_who_asked(slack: SlackServer) -> None:
    """The ack comes first; the answer by response_url, seen by nobody else."""
    asked = Asked()
    async with chatting(slack, asked):
        envelope = await slack.slash("U7", "C1", "/quotes", "ida &amp; moor")
        assert await slack.acked(envelope) < ACK_WITHIN
        answer = await slack.answer()
    assert (answer.text, answer.route, answer.only_for) == ("quotes|ida &amp; moor", "response_url", "U7")
    (command,) = asked.commands
    assert (command.channel, command.user) == (Channel("slack", "T0HARBOUR/C1"), "slack:T0HARBOUR/U7")
    assert (command.args, command.is_admin, command.is_private) == ("ida & moor", False, False)
    assert (command.user_name, command.channel_name) == ("@u7", "#world")


@pytest.mark.parametrize(
    ("text", "answer"),
    [("claim 7K2QX", "claim|7K2QX"), ("", "start|"), ("briefing weekdays 08:00", "briefing|weekdays 08:00")],
)
async def test_onrecord_holds_the_other_commands(slack: SlackServer, text: str, answer: str) -> None:
    """Slack's slash commands are few: the rest stand behind /onrecord."""
    async with chatting(slack, Asked()):
        await slack.slash("U7", "C1", "/onrecord", text)
        assert (await slack.answer()).text == answer


async def test_a_mention_is_answered_in_its_thread(slack: SlackServer) -> None:
    """A thread is opened under the question, or the one it stands in goes on; the slash may be left out."""
    asked = Asked()
    async with chatting(slack, asked):
        await slack.says("U7", "C1", f"<@{BOT_USER}> quotes moor about &lt;fish&gt;")
        opened = await slack.answer()
        await slack.says("U7", "C1", f"<@{BOT_USER}> what did moor say", thread_ts="1700000000.000100")
        goes_on = await slack.answer()
    assert (opened.text, opened.thread_ts) == ("quotes|moor about &lt;fish&gt;", asked.commands[0].message_id)
    assert (goes_on.text, goes_on.thread_ts) == ("|what did moor say", "1700000000.000100")
    assert asked.commands[1].channel == Channel("slack", "T0HARBOUR/C1", "1700000000.000100")


async def test_a_page_is_pasted_in_a_direct_message(slack: SlackServer) -> None:
    """It comes whole, Slack's signs around addresses and names taken out."""
    asked = Asked(lambda _: says("read"))
    page = (
        "The harbour stays open.\n" * 400
        + "See <https://example.org/a?b=1&amp;c=2> or <http://example.org|example.org>."
    )
    async with chatting(slack, asked):
        await slack.says("U7", "D1", page)
        answer = await slack.answer()
    assert (answer.thread_ts, answer.route) == (None, "chat.postMessage")
    (command,) = asked.commands
    assert (command.name, command.is_private, command.is_admin) == ("", True, True)
    assert command.text.endswith("open.\nSee https://example.org/a?b=1&c=2 or example.org.")


@pytest.mark.parametrize(
    ("given", "typed"),
    [
        ("<https://a.org|a.org>", "a.org"),
        ("<https://a.org/b|the page>", "https://a.org/b"),
        ("<mailto:a@b.org|a@b.org>", "a@b.org"),
        ("<#C1|world> <!here> <@U7>", "#world @here @U7"),
        ("1 &lt; 2 &amp;amp; 3", "1 < 2 &amp; 3"),
        ("a <b", "a <b"),
    ],
)
def test_what_was_typed_is_told_from_slacks_signs(given: str, typed: str) -> None:
    """An address that Slack made of words becomes the words; escaped signs come back once."""
    assert plain(given) == typed


async def test_what_nobody_said_is_not_answered(slack: SlackServer) -> None:
    """Bots, edits, and messages in channels that do not name us."""
    asked = Asked()
    async with chatting(slack, asked):
        ignored = [
            await slack.says("U7", "D1", "from a bot", bot_id="B9"),
            await slack.says("U7", "D1", "edited", subtype="message_changed"),
        ]
        await slack.event(
            {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U7", "text": "x", "ts": "1.1"}
        )
        await slack.says("U7", "D1", "/help")
        assert (await slack.answer()).text == "help|"
        assert [await slack.acked(one) < ACK_WITHIN for one in ignored] == [True, True]
    assert len(asked.commands) == 1


async def test_a_page_that_begins_like_a_command_is_a_page(slack: SlackServer) -> None:
    """Without a slash only a short line is taken for a command."""
    asked = Asked(lambda _: says("read"))
    async with chatting(slack, asked):
        await slack.says("U7", "D1", "quotes moor")
        await slack.says("U7", "D1", "Quotes of the day\n\n" + "The harbour stays open. " * 20)
        await slack.says("U7", "D1", "quotes " + "x" * 400)
        for _ in range(3):
            await slack.answer()
        await slack.slash("U7", "C1", "/onrecord", "7 days")
        await slack.answer()
    assert [command.name for command in asked.commands] == ["quotes", "", "", ""]
    assert asked.commands[3].args == "7 days"


async def test_a_file_that_is_not_read_is_named(slack: SlackServer) -> None:
    """The answer can say why."""
    asked = Asked()
    async with chatting(slack, asked):
        await slack.says("U7", "D1", "", subtype="file_share", files=[{"name": "page.pdf"}])
        await slack.answer()
    assert asked.commands[0].unread_file == "page.pdf"


async def test_an_event_that_comes_again_is_answered_once(slack: SlackServer) -> None:
    """Slack redelivers at once, after one and after five minutes, by the same event id."""
    asked = Asked()
    async with chatting(slack, asked):
        envelope = await slack.says("U7", "D1", "/help")
        await slack.answer()
        assert await slack.acked(await slack.redelivers(envelope)) < ACK_WITHIN
        await slack.says("U7", "D1", "/quotes moor")
        await slack.answer()
    assert [command.name for command in asked.commands] == ["help", "quotes"]
    assert slack.late_acks == []


async def test_events_are_remembered_within_bounds() -> None:
    """The oldest is forgotten first."""
    seen = EventMemory(limit=2)
    assert [await seen.is_new(one) for one in ("a", "b", "a", "c", "a")] == [True, True, False, True, True]


async def test_a_tap_is_a_command(slack: SlackServer) -> None:
    """In a direct message it is answered there; in a channel only for the one who tapped."""
    asked = Asked(lambda command: says("done") if command.tapped else BUTTONS)
    async with chatting(slack, asked):
        await slack.says("U7", "D1", "/quotes moor")
        alone = await slack.answer()
        await slack.taps("U7", alone, "Proof")
        first = await slack.answer()
        await slack.says("U7", "C1", f"<@{BOT_USER}> quotes moor")
        among_others = await slack.answer()
        await slack.acked(await slack.taps("U8", among_others, "Tell me"))
        second = await slack.answer()
    assert (first.route, first.only_for, second.route, second.only_for) == (
        "chat.postMessage",
        None,
        "response_url",
        "U8",
    )
    assert [command.text for command in asked.commands if command.tapped] == ["/q1", LONG]
    assert asked.commands[-1].channel.thread == among_others.thread_ts


@pytest.mark.parametrize("where", ["C1", "D1"])
async def test_a_tap_may_change_its_message(slack: SlackServer, where: str) -> None:
    """Where the answer says so, it takes the place of what was tapped."""
    done = Message(says("Done.").blocks, in_place=True)
    async with chatting(slack, Asked(lambda command: done if command.tapped else BUTTONS)):
        await slack.says("U7", where, f"<@{BOT_USER}> quotes moor")
        message = await slack.answer()
        await slack.taps("U7", message, "Proof")
        await slack.until(lambda: len(message.versions) == 2)
    assert message.text == "Done."
    assert len(slack.posting.sent) == 1


async def test_a_button_that_nobody_knows_says_so(slack: SlackServer) -> None:
    """After a restart without a store, a token means nothing any more."""
    asked = Asked(lambda _: BUTTONS)
    async with chatting(slack, asked):
        await slack.says("U7", "D1", "/quotes moor")
        message = await slack.answer()
    async with SlackServer() as other:
        other.channel("D1")
        async with chatting(other, asked):
            await other.taps("U7", message, "Tell me")
            assert (await other.answer()).text == "This button is too old. Please ask again."


async def test_slow_work_says_that_it_takes_its_time(slack: SlackServer) -> None:
    """In a conversation it is edited into the answer; the ack never waits for it."""
    ready = asyncio.Event()

    async def slowly(_: Command) -> Message:
        await ready.wait()
        return says("The harbour stays open.")

    async with chatting(slack, Asked(), answer=slowly, slow_after=0.0):
        await slack.says("U7", "D1", "https://example.org/harbour")
        message = await slack.answer()
        slash = await slack.slash("U7", "C1", "/summary", "https://example.org/harbour")
        assert await slack.acked(slash) < ACK_WITHIN
        assert (await slack.answer()).text == "Reading the page …"
        ready.set()
        await slack.until(lambda: len(message.versions) == 2 and len(slack.posting.sent) == 3)
    assert message.versions == ["Reading the page …", "The harbour stays open."]
    assert slack.posting.sent[2].text == "The harbour stays open."


async def test_a_text_file_is_fetched(slack: SlackServer) -> None:
    """With the bot's token, from Slack alone; a long paste is a snippet without an ending."""
    asked = Asked()
    async with chatting(slack, asked):
        await slack.uploads("U7", "D1", "page.html", b"<p>The harbour", "text/html")
        await slack.uploads("U7", "D1", "Untitled", b"The harbour", "text/plain")
        await slack.uploads("U7", "D1", "page.pdf", b"%PDF", "application/pdf")
        elsewhere = {"name": "a.txt", "mimetype": "text/plain", "url_private": "http://127.0.0.1:9/a.txt", "size": 3}
        await slack.says("U7", "D1", "", subtype="file_share", files=[elsewhere])
        doubtful = elsewhere | {"url_private": "https://post.example\\@files.slack.com/a.txt"}
        await slack.says("U7", "D1", "", subtype="file_share", files=[doubtful])
        await slack.until(lambda: len(slack.posting.sent) == 5)
    html, snippet, pdf, foreign, doubted = asked.commands
    assert (html.file, html.unread_file) == (Pasted("page.html", b"<p>The harbour"), None)
    assert snippet.file == Pasted("Untitled.txt", b"The harbour")
    assert (pdf.file, pdf.unread_file) == (None, "page.pdf")
    assert (foreign.file, foreign.unread_file) == (None, "a.txt")
    assert (doubted.file, doubted.unread_file) == (None, "a.txt")


async def test_a_file_that_is_too_large_or_not_handed_out_is_named(slack: SlackServer) -> None:
    """Without its scope Slack sends us to log in, which is followed by nobody."""
    asked = Asked()
    async with SlackServer(scopes=SCOPES - {"files:read"}) as blind:
        blind.channel("D1")
        async with chatting(blind, asked):
            await blind.uploads("U7", "D1", "page.txt", b"The harbour", "text/plain")
            await blind.answer()
    async with chatting(slack, asked):
        await slack.uploads("U7", "D1", "page.txt", b"x" * 2_000_001, "text/plain")
        await slack.answer()
    assert [command.unread_file for command in asked.commands] == ["page.txt", "page.txt"]


async def test_who_administers_is_asked_of_slack_once(slack: SlackServer) -> None:
    """The answer is kept for ten minutes; a refusal means no."""
    slack.posting.admins.add("U7")
    asked = Asked()
    async with chatting(slack, asked):
        for _ in range(2):
            await slack.slash("U7", "C1", "/onrecord", "settings")
            await slack.answer()
    assert [command.is_admin for command in asked.commands] == [True, True]
    assert [method for method, _ in slack.calls].count("users.info") == 1
    async with SlackServer(scopes=SCOPES - {"users:read"}) as blind:
        blind.channel("C1")
        async with chatting(blind, asked):
            await blind.slash("U7", "C1", "/onrecord", "settings")
            await blind.answer()
    assert not asked.commands[-1].is_admin


async def test_a_handler_that_fails_is_logged_and_the_others_answered(slack: SlackServer) -> None:
    """One command's failure is nobody else's."""

    def answer(command: Command) -> Message:
        if command.name == "bad":
            raise ZeroDivisionError
        return says("fine")

    with capture_logs() as logs:
        async with chatting(slack, Asked(answer)):
            await slack.says("U7", "D1", "/bad")
            await slack.says("U7", "D1", "/good")
            texts = [(await slack.answer()).text, (await slack.answer()).text]
    assert texts == [FAILED.plain_text(), "fine"]
    assert [log["event"] for log in logs if log["log_level"] == "error"] == ["command_failed"]


async def test_a_lost_answer_is_not_sent_twice(slack: SlackServer) -> None:
    """Whether it was taken is not known: who asked asks again."""
    slack.faults.order(Fault(method="response_url", drop=Drop.AFTER))
    with capture_logs() as logs:
        async with chatting(slack, Asked()):
            await slack.slash("U7", "C1", "/quotes", "moor")
            await slack.answer()
            await slack.says("U7", "D1", "/help")
            await slack.answer()
    assert [log["error"] for log in logs if log["event"] == "answer_not_sent"] == ["LostReplyError"]
    assert len(slack.posting.sent) == 2


async def test_a_new_connection_is_opened_when_slack_asks(slack: SlackServer) -> None:
    """Every few hours Slack refreshes them; nothing is lost by it."""
    asked = Asked()
    async with chatting(slack, asked):
        await slack.disconnects()
        await slack.connected(2)
        await slack.says("U7", "D1", "/help")
        assert (await slack.answer()).text == "help|"


async def test_a_start_without_a_line_waits_for_one(slack: SlackServer) -> None:
    """The process may be up before the network."""
    silence = Silence()
    slack.faults.order(Fault(method="auth.test", drop=Drop.BEFORE))
    slack.faults.order(Fault(method="apps.connections.open", status=503, answer="upstream"))
    async with chatting(slack, Asked(), wait=silence.wait):
        for failures in (1, 2):
            await silence.begun(failures)
            silence.pass_()
        await slack.connected()
    assert silence.waits == [1.0, 2.0]


@pytest.mark.parametrize(("bot_token", "app_token"), [("xoxb-wrong", APP_TOKEN), (BOT_TOKEN, "xapp-wrong")])
async def test_a_wrong_token_ends_it(slack: SlackServer, bot_token: str, app_token: str) -> None:
    """No waiting mends that; the operator is told where to look."""
    async with slack_client(bot_token, base_url=slack.base_url) as client:
        taps = TapMemory()
        adapter = SlackAdapter(
            client, app_token, SlackSender(client, taps), taps, Asked().answer, now=lambda: datetime.now(UTC)
        )
        with pytest.raises(NotLetInError, match="Slack does not know this token"):
            await adapter.run()


def test_the_manifest_asks_for_what_is_used() -> None:
    """No scope more than the test server knows, each command that we listen to, no public address."""
    manifest = (Path(__file__).parents[2] / "slack-manifest.yaml").read_text()
    scopes = set(re.findall(r"^      - ([a-z_:.]+) #", manifest, re.MULTILINE))
    assert scopes == SCOPES
    commands = re.findall(r"command: (/\w+)", manifest)
    assert [command for command in commands if COMMANDS.fullmatch(command)] == ["/summary", "/quotes", "/onrecord"]
    assert "socket_mode_enabled: true" in manifest
