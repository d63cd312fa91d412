"""From a command to its answer: permission, then one small module a command.

``answer`` is what adapters call, whatever the platform; a tapped button arrives as the command it stands for.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from handlers.absent import where_named
from handlers.claiming import claim, claimed_code
from handlers.following import sources
from handlers.handed_in_here import add_address, delete, share
from handlers.held import held
from handlers.merging import merge, merge_now, rename, rename_now, undo
from handlers.permissions import admitted, let_in, refuse
from handlers.planning import briefing
from handlers.proof import called_wrong, decide, proof, unsay, which_is_wrong
from handlers.quotes import nearby, quotes, quotes_by, rest
from handlers.request import Request
from handlers.settings import settings
from handlers.start import cancel, help_, not_a_command, privacy, sample, start
from handlers.subscribing import (
    mode,
    mute,
    only_about,
    subscribe,
    tell_of_name,
    tell_of_speaker,
    unmute,
    unsubscribe,
)
from handlers.summary import all_quotes, article, longer, summary
from handlers.table import as_table
from handlers.words import plain_words

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from handlers.command import Command
    from handlers.desk import Desk
    from summaries.message import Message

    Handler = Callable[[Request], Awaitable[Message | None]]

# PostgreSQL takes no NUL, and half a surrogate pair is no text anywhere.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")

HANDLERS: Mapping[str, Handler] = {
    "": plain_words,
    "start": start,
    "claim": start,
    "sample": sample,
    "help": help_,
    "privacy": privacy,
    "cancel": cancel,
    "quotes": quotes,
    "by": quotes_by,
    "nearby": nearby,
    "rest": rest,
    "csv": as_table,
    "where": where_named,
    "summary": summary,
    "article": article,
    "longer": longer,
    "all": all_quotes,
    "address": add_address,
    "share": share,
    "delete": delete,
    "subscribe": subscribe,
    "tell": tell_of_speaker,
    "tellname": tell_of_name,
    "unsubscribe": unsubscribe,
    "mode": mode,
    "only": only_about,
    "mute": mute,
    "unmute": unmute,
    "q": proof,
    "wrong": which_is_wrong,
    "wrongspeaker": called_wrong,
    "notaquote": called_wrong,
    "cutwrong": called_wrong,
    "unsay": unsay,
    "decide": decide,
    "briefing": briefing,
    "sources": sources,
    "settings": settings,
    "merge": merge,
    "mergenow": merge_now,
    "rename": rename,
    "renamenow": rename_now,
    "undo": undo,
    "letin": let_in,
    "refuse": refuse,
    "held": held,
}
"""By the command's name; "" is plain text. More are known than ``COMMANDS`` lists: those that buttons stand for."""


async def answer(command: Command, desk: Desk) -> Message | None:
    """Return what a command is answered, None to say nothing.

    Args:
        command: From any adapter.
        desk: What to answer with.
    """
    command = replace(command, args=_storable(command.args), text=_storable(command.text))
    code = claimed_code(command)
    if code is not None:
        refused = await claim(command, code, desk)
        if refused is not None:
            return refused
        command = replace(command, name="start", args="")
    asker = await admitted(command, desk)
    if not isinstance(asker, Request):
        return asker
    # A file is the message, whatever is written under it.
    file_sent = command.file is not None or command.unread_file is not None
    handler = plain_words if file_sent else HANDLERS.get(command.name, not_a_command)
    return await handler(asker)


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("�", text)
