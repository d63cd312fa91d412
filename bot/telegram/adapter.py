"""Telegram in: updates polled, read as commands, answered.

    async with telegram_client(token) as bot:
        sender = TelegramSender(bot, taps)          # or the pacer around it
        adapter = TelegramAdapter(bot, sender, taps, answer, notice=notice, now=utc_now)
        await adapter.run()                          # until cancelled

``run`` polls, so exactly one process per token may be in it: whoever holds the sender's lease.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.answering import Answering, guarded
from bot.lanes import Lanes
from bot.sending import NotLetInError
from bot.taps import command_behind
from bot.telegram.incoming import ALLOWED_UPDATES, MAX_FILE, Incoming, Tap, read, tapped
from bot.telegram.pastes import PasteJoiner
from bot.telegram.render import TelegramText, render
from bot.telegram.sender import CLIENT_TIMEOUT, seconds
from handlers.command import Channel, Moved, Pasted, Presence

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence
    from datetime import datetime

    from telegram import Bot, Update, User

    from bot.answering import Answer, Notice
    from bot.sending import Sender
    from bot.taps import TapStore
    from handlers.command import Command

_log = structlog.get_logger(__name__)
POLL = 25  # seconds that Telegram holds a request open
# A half-open connection never answers: after this long the request is given up and made again.
SILENT = POLL + 2 * CLIENT_TIMEOUT
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0  # seconds between polls that fail
PLATFORM = "Telegram"
TOO_OLD = "This button is too old. Please ask again."
ADMINS = frozenset({"creator", "administrator"})
_SOMEWHERE = Channel("telegram", "-")


async def _nothing(_: Presence | Moved) -> None:
    return


class TelegramAdapter:
    """Polls one bot's updates and answers them; per chat in order, chats beside each other.

    Args:
        bot: An opened client (``telegram_client``).
        sender: Sends the answers: a ``TelegramSender``, or the pacer around one.
        taps: Knows the commands behind button tokens; the same that the sender keeps them in.
        answer: The handlers: what a command is answered; None to say nothing.
        notice: Told when a channel comes, goes or moves.
        now: The time, timezone-aware UTC.
        commands: What clients list behind "/", as (name without the slash, description); none leaves them as they are.
        wait: Sleeps so many seconds.
        answering: To change what is said meanwhile or on failure; made of ``answer`` if not given.
    """

    def __init__(  # noqa: PLR0913 - the composition root names each part
        self,
        bot: Bot,
        sender: Sender[TelegramText],
        taps: TapStore,
        answer: Answer,
        *,
        now: Callable[[], datetime],
        notice: Notice = _nothing,
        commands: Sequence[tuple[str, str]] = (),
        wait: Callable[[float], Awaitable[None]] = asyncio.sleep,
        answering: Answering[TelegramText] | None = None,
    ) -> None:
        self._bot = bot
        self._sender = sender
        self._taps = taps
        self._notice = notice
        self._now = now
        self._commands = commands
        self._wait = wait
        self._answering = answering or Answering(answer, render)
        self._lanes = Lanes()
        self._me: User | None = None
        self.answered_at: datetime | None = None
        """When Telegram last answered a poll; for the health check."""

    @property
    def username(self) -> str | None:
        """The bot's name without the @, for links to it; None until ``run`` has met Telegram."""
        return None if self._me is None else self._me.username

    async def run(self, started: Callable[[User], None] | None = None) -> None:
        """Poll and answer until cancelled; answers under way are finished first.

        Args:
            started: Called once, with the bot's own user, when the token has been found good.

        Raises:
            NotLetInError: if Telegram does not know the token.
        """
        me = self._me = await self._met()
        if started is not None:
            started(me)
        joiner = PasteJoiner(self._queue, self._wait)
        try:
            await self._poll(me, joiner)
        finally:
            joiner.close()
            await self._lanes.close(CLIENT_TIMEOUT)

    async def _met(self) -> User:
        """Return who we are, as soon as Telegram can be reached."""
        pause = FIRST_WAIT
        while True:
            try:
                me = await self._bot.get_me()
                # Polling is refused while a webhook is set; one may be left from another program.
                await self._bot.delete_webhook()
                if self._commands:
                    await self._bot.set_my_commands(list(self._commands))
            except InvalidToken as exc:
                raise NotLetInError(PLATFORM) from exc
            except (NetworkError, RetryAfter) as exc:
                pause = await self._after_failure(exc, pause)
            else:
                _log.info("telegram_ready", bot=me.username)
                return me

    async def _poll(self, me: User, joiner: PasteJoiner) -> None:
        offset, pause = None, FIRST_WAIT
        try:
            while True:
                try:
                    updates = await self._updates(offset)
                except InvalidToken as exc:
                    raise NotLetInError(PLATFORM) from exc
                except (TelegramError, TimeoutError) as exc:
                    pause = await self._after_failure(exc, pause)
                    continue
                self.answered_at, pause = self._now(), FIRST_WAIT
                for update in updates:
                    offset = update.update_id + 1
                    # An update that cannot be read would end the process, and the next one, which is given it again.
                    await guarded(partial(self._take, update, me, joiner), None, name="", channel=_SOMEWHERE)
        finally:
            # What was taken is confirmed, lest the next start answers it again.
            if offset is not None:
                with suppress(TelegramError, TimeoutError):
                    async with asyncio.timeout(CLIENT_TIMEOUT):
                        await self._bot.get_updates(offset=offset, limit=1, timeout=0, allowed_updates=ALLOWED_UPDATES)

    async def _updates(self, offset: int | None) -> tuple[Update, ...]:
        async with asyncio.timeout(SILENT):
            return await self._bot.get_updates(offset=offset, timeout=POLL, allowed_updates=ALLOWED_UPDATES)

    async def _after_failure(self, exc: Exception, pause: float) -> float:
        """Wait, saying why; return how long to wait the next time."""
        match exc:
            case Conflict():
                _log.error(
                    "telegram_polled_elsewhere",
                    hint="Another process uses this bot's token: stop it, or take another token.",
                )
            case RetryAfter():
                pause = max(pause, seconds(exc.retry_after))
            case _:
                _log.warning("telegram_unreachable", error=type(exc).__name__, seconds=pause)
        await self._wait(pause)
        return min(pause * 2, LONGEST_WAIT)

    async def _take(self, update: Update, me: User, joiner: PasteJoiner) -> None:
        """Read an update, and queue what it asks behind what its chat asked before."""
        match read(update, me, self._now()):
            case Incoming() as incoming:
                joiner.put(incoming)
            case Tap() as tap:
                joiner.flush((str(tap.command.channel), tap.command.user))
                self._lanes.begin(partial(self._tapped, tap), tap.command.channel)
            case Presence() as presence:
                self._lanes.begin(partial(self._notice, presence), presence.channel)
            case Moved() as moved:
                self._lanes.begin(partial(self._notice, moved), moved.old, moved.new)
            case None:
                pass

    def _queue(self, incoming: Incoming) -> None:
        self._lanes.begin(partial(self._asked, incoming), incoming.command.channel)

    async def _asked(self, incoming: Incoming) -> None:
        command = incoming.command
        if incoming.asks_admin and incoming.user_id is not None:
            command = replace(command, is_admin=await self._is_admin(command, incoming.user_id))
        if incoming.document is not None:
            command = await self._with_file(command, incoming)
        await self._answering.run(command, self._sender)

    async def _tapped(self, tap: Tap) -> None:
        text = await command_behind(tap.data, self._taps)
        # Until it is answered the button spins; a query that is too old to be answered is no harm.
        with suppress(TelegramError):
            await self._bot.answer_callback_query(tap.query_id, TOO_OLD if text is None else None)
        if text is None:
            return
        command = tapped(tap, text)
        if tap.asks_admin:
            command = replace(command, is_admin=await self._is_admin(command, tap.user_id))
        await self._answering.run(command, self._sender)

    async def _is_admin(self, command: Command, user_id: int) -> bool:
        """Return whether Telegram calls somebody an administrator; not, where it does not say."""
        try:
            member = await self._bot.get_chat_member(command.channel.chat, user_id)
        except TelegramError as exc:
            _log.warning("admin_unknown", channel=str(command.channel), error=type(exc).__name__)
            return False
        return member.status in ADMINS

    async def _with_file(self, command: Command, incoming: Incoming) -> Command:
        """Return the command with its file fetched."""
        document = incoming.document
        if document is None:
            return command
        name = document.file_name or "?"
        try:
            file = await self._bot.get_file(document)
            data = bytes(await file.download_as_bytearray())
        except TelegramError as exc:
            _log.warning("file_not_fetched", channel=str(command.channel), error=type(exc).__name__)
            return replace(command, unread_file=name)
        # Telegram need not say beforehand how large a file is.
        return (
            replace(command, file=Pasted(name, data)) if len(data) <= MAX_FILE else replace(command, unread_file=name)
        )
