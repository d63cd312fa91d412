"""Slack's slash commands, mentions, direct messages and taps as commands; pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from handlers.command import Channel, Command, typed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    Payload = Mapping[str, Any]

# Slack hands out text with its own signs: <https://…|label>, <@U…>, <#C…|name>, <!here>, and three characters escaped.
_SIGN = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
# A word that may be a command without its slash, as after a mention; "q12" too.
_FIRST_WORD = re.compile(r"/?([A-Za-z_]+?)(\d*)(?:\s|$)")
_OURS = "onrecord"
# What Slack calls channels whose names it does not tell.
_KINDS = frozenset({"directmessage", "privategroup"})
LONGEST_LINE = 300  # characters of a command that is typed without its slash


def plain(text: str) -> str:
    """Return what was typed, Slack's signs taken out."""
    unsigned = _SIGN.sub(_typed_sign, text)
    return unsigned.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _typed_sign(match: re.Match[str]) -> str:
    target, label = match[1], match[2]
    if target.startswith("mailto:"):
        return label or target.removeprefix("mailto:")
    if target.startswith(("@", "#", "!")):
        return target[0].replace("!", "@") + (label or target[1:].partition("^")[0])
    # A bare domain is made a link by Slack: what was typed is its label then, else the address.
    return label if label and target.endswith(label) and "://" not in label else target


def slash(payload: Payload, now: datetime) -> Command:
    """Return a slash command; ``/onrecord claim CODE`` is the command "claim", a bare ``/onrecord`` is "start"."""
    name, text = str(payload["command"]).lstrip("/").lower(), plain(payload.get("text", "")).strip()
    if name == _OURS:
        name, rest = typed("/" + text.lstrip("/")) if text else ("start", "")
        text = rest if name else text
    channel = _channel(payload["team_id"], payload["channel_id"])
    private = payload["channel_id"].startswith("D")
    user = f"slack:{payload['team_id']}/{payload['user_id']}"
    called = payload.get("user_name")
    return Command(
        name, text, channel, user, private, f"/{name} {text}".strip(), now,
        is_private=private, user_name=f"@{called}" if called else None, channel_name=_name_of(payload["channel_id"], payload),
    )  # fmt: skip


def said(event: Payload, team: str, bot_user: str, names: frozenset[str], now: datetime) -> Command | None:
    """Return what a direct message or a mention asks, None where a person asks nothing.

    Args:
        event: Of type "message" (in a direct message) or "app_mention".
        team: The workspace.
        bot_user: Our own user, "U…".
        names: Commands that are understood without a slash: slash commands do not work in threads.
        now: The time.
    """
    # Of the many subtypes only a file's message is a person's own words; bots are not answered, ourselves included.
    if event.get("bot_id") or event.get("subtype") not in {None, "file_share"} or not event.get("user"):
        return None
    private = event["type"] == "message"
    if private and event.get("channel_type") != "im":
        return None
    text = plain(str(event.get("text", "")).replace(f"<@{bot_user}>", " ", 1)).strip()
    name, args = _named(text, names)
    # In a channel the answer opens a thread under the question, lest a digest fill the channel.
    thread = event.get("thread_ts") or (None if private else event["ts"])
    files = event.get("files") or []
    return Command(
        name, args, _channel(team, event["channel"], thread), f"slack:{team}/{event['user']}", private, text, now,
        is_private=private, message_id=event["ts"], replied_to=event.get("thread_ts"),
        unread_file=files[0].get("name") or "?" if files else None,
    )  # fmt: skip


def tapped(payload: Payload, text: str, now: datetime) -> Command:
    """Return the command that a tapped button stands for."""
    name, args = typed(text)
    container, team = payload["container"], payload["team"]["id"]
    channel = _channel(team, container["channel_id"], container.get("thread_ts"))
    private = container["channel_id"].startswith("D")
    user = f"slack:{team}/{payload['user']['id']}"
    called = payload["user"].get("username") or payload["user"].get("name")
    return Command(
        name, args, channel, user, private, text, now, is_private=private, message_id=container["message_ts"], tapped=True,
        user_name=f"@{called}" if called else None, channel_name=_name_of(container["channel_id"], payload),
    )  # fmt: skip


def _name_of(channel_id: str, payload: Payload) -> str | None:
    """Return "#world"; None where Slack says a word for the kind of channel only, or nothing."""
    name = payload.get("channel_name") or (payload.get("channel") or {}).get("name")
    return f"#{name}" if name and channel_id.startswith("C") and name not in _KINDS else None


def _named(text: str, names: frozenset[str]) -> tuple[str, str]:
    name, args = typed(text)
    # A pasted page may begin with such a word.
    first = _FIRST_WORD.match(text) if len(text) <= LONGEST_LINE and "\n" not in text else None
    if not name and first is not None and first[1].lower() in names:
        name, args = typed("/" + text.lstrip("/"))
    return name, args


def _channel(team: str, channel: str, thread: str | None = None) -> Channel:
    return Channel("slack", f"{team}/{channel}", thread)
