"""The Web API methods that we use, as strict as Slack."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.platforms.slack_blocks import Json, acting, check_message, refuse

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.platforms.traffic import Traffic

TEAM = "T0HARBOUR"
BOT_USER = "U0BOT"
BOT_ID = "B0BOT"
# What slack-manifest.yaml asks for, which a test compares.
SCOPES = frozenset(
    {
        "chat:write",
        "chat:write.public",
        "commands",
        "app_mentions:read",
        "im:history",
        "files:read",
        "users:read",
    },
)


@dataclass(slots=True)
class Conversation:
    """A channel or a direct message.

    Attributes:
        is_member: Whether the bot was invited; a public channel takes its posts all the same.
    """

    channel_id: str
    name: str = ""
    is_direct: bool = False
    is_private: bool = False
    is_member: bool = True
    is_archived: bool = False


@dataclass(slots=True)
class SlackMessage:
    """What the bot posted.

    Attributes:
        ts: Its stamp: the time and the id in one.
        route: "chat.postMessage", "chat.postEphemeral" or "response_url".
        acting: What would have pinged, linked or led somewhere.
        versions: Every text it had, the first one first.
    """

    channel: str
    ts: str
    text: str
    blocks: list[Json]
    route: str
    thread_ts: str | None = None
    metadata: Json = field(default_factory=dict)
    unfurls: bool = False
    only_for: str | None = None
    acting: list[str] = field(default_factory=list)
    versions: list[str] = field(default_factory=list)
    deleted: bool = False

    def button(self, label: str) -> Json:
        """Return the button with a label.

        Raises:
            LookupError: where there is none.
        """
        for block in self.blocks:
            for element in block.get("elements", []):
                if element.get("type") == "button" and element["text"]["text"] == label:
                    button: Json = element
                    return button
        raise LookupError(label)


class SlackPosting:
    """What the bot may post in its workspace, and what it has posted.

    Attributes:
        sent: Every message taken, in order, edits applied.
        views: What views.publish set as App Home, by user.
        admins: Users who administer the workspace.
    """

    def __init__(self, traffic: Traffic, now: Callable[[], float], scopes: frozenset[str]) -> None:
        self.conversations: dict[str, Conversation] = {}
        self.sent: list[SlackMessage] = []
        self.views: dict[str, Json] = {}
        self.admins: set[str] = set()
        self.traffic = traffic
        self.now = now
        self.scopes = scopes
        self.methods: dict[str, tuple[str, Callable[[Json], Json]]] = {
            "auth.test": ("", self._auth_test),
            "chat.postMessage": ("chat:write", self.post),
            "chat.postEphemeral": ("chat:write", lambda params: self.post(params, "chat.postEphemeral")),
            "chat.update": ("chat:write", self.update),
            "chat.delete": ("chat:write", self.delete),
            "conversations.history": ("", self.history),
            "conversations.replies": ("", self.history),
            "users.info": ("users:read", self._user),
            "views.publish": ("", self._publish),
        }

    def call(self, method: str, params: Json) -> Json:
        """Return the answer of a method.

        Raises:
            RefusedError: with Slack's word for it.
        """
        if method not in self.methods:
            refuse("unknown_method")
        scope, handler = self.methods[method]
        if scope and scope not in self.scopes:
            refuse("missing_scope", needed=scope, provided=",".join(sorted(self.scopes)))
        return {"ok": True} | handler(params)

    def stamp(self) -> str:
        """Return a new message stamp."""
        return f"{int(self.now())}.{len(self.sent) + 1:06d}"

    def post(self, params: Json, route: str = "chat.postMessage") -> Json:
        """Take a message."""
        conversation = self._conversation(params.get("channel", ""))
        text, blocks = params.get("text", ""), params.get("blocks") or []
        check_message(text, blocks)
        self._count(conversation)
        message = SlackMessage(
            conversation.channel_id, self.stamp(), text, blocks, route, params.get("thread_ts"), params.get("metadata") or {},
        )  # fmt: skip
        message.unfurls = params.get("unfurl_links", True) or params.get("unfurl_media", True)
        message.only_for = params.get("user")
        self.keep(message)
        return {"channel": message.channel, "ts": message.ts, "message": self._as_api(message)}

    def keep(self, message: SlackMessage) -> None:
        """Store a message that was taken."""
        message.acting = acting(message.text, message.blocks)
        message.versions.append(message.text)
        self.sent.append(message)

    def update(self, params: Json) -> Json:
        """Change a message."""
        message = self._find(params)
        text, blocks = params.get("text", ""), params.get("blocks") or []
        check_message(text, blocks)
        self._count(self._conversation(message.channel))
        self.replace(message, text, blocks)
        return {"channel": message.channel, "ts": message.ts, "text": text}

    def replace(self, message: SlackMessage, text: str, blocks: list[Json]) -> None:
        """Put other words in a message's place."""
        message.text, message.blocks = text, blocks
        message.acting = acting(text, blocks)
        message.versions.append(text)

    def delete(self, params: Json) -> Json:
        """Delete a message."""
        self._find(params).deleted = True
        return {}

    def history(self, params: Json) -> Json:
        """Return what stands in a conversation or thread (``ts``), newest first, metadata where asked for."""
        conversation = self._conversation(params.get("channel", ""))
        channel = conversation.channel_id
        scope = (
            "im:history"
            if conversation.is_direct
            else "groups:history"
            if conversation.is_private
            else "channels:history"
        )
        if scope not in self.scopes:
            refuse("missing_scope", needed=scope)
        oldest = float(params.get("oldest", 0))
        found = [message for message in self.sent if message.channel == channel and not message.deleted]
        found = [message for message in found if float(message.ts) >= oldest and message.only_for is None]
        if "ts" in params:
            found = [message for message in found if params["ts"] in (message.ts, message.thread_ts)]
        show = str(params.get("include_all_metadata", "")).lower() in {"true", "1"}
        return {"messages": [self._as_api(message, metadata=show) for message in reversed(found)], "has_more": False}

    def _auth_test(self, _: Json) -> Json:
        return {
            "url": "https://harbour.slack.example/", "team": "Harbour", "user": "onrecord", "team_id": TEAM,
            "user_id": BOT_USER, "bot_id": BOT_ID, "is_enterprise_install": False,
        }  # fmt: skip

    def _user(self, params: Json) -> Json:
        return {
            "user": {
                "id": params.get("user"),
                "name": str(params.get("user")).lower(),
                "is_admin": params.get("user") in self.admins,
                "tz": "Europe/Berlin",
            }
        }

    def _publish(self, params: Json) -> Json:
        view = params.get("view") or {}
        if len(view.get("blocks", [])) > 100:
            refuse("invalid_arguments", "more than 100 blocks")
        self.views[params.get("user_id", "")] = view
        return {"view": view}

    def _conversation(self, channel: str) -> Conversation:
        conversation = self.conversations.get(channel)
        if conversation is None:
            refuse("channel_not_found")
        if conversation.is_archived:
            refuse("is_archived")
        public = not conversation.is_private and not conversation.is_direct and "chat:write.public" in self.scopes
        if not conversation.is_member and not public:
            refuse("channel_not_found" if conversation.is_private else "not_in_channel")
        return conversation

    def _count(self, conversation: Conversation) -> None:
        wait = self.traffic.wait_for(conversation.channel_id, is_group=False, now=self.now())
        if wait is not None:
            refuse("ratelimited", wait=wait)
        self.traffic.taken(conversation.channel_id, self.now())

    def _find(self, params: Json) -> SlackMessage:
        for message in self.sent:
            if (message.channel, message.ts) == (params.get("channel"), params.get("ts")) and not message.deleted:
                return message
        return refuse("message_not_found")

    def _as_api(self, message: SlackMessage, *, metadata: bool = False) -> Json:
        fields: dict[str, Any] = {
            "type": "message", "user": BOT_USER, "bot_id": BOT_ID, "ts": message.ts, "text": message.text,
            "blocks": message.blocks,
        }  # fmt: skip
        if message.thread_ts is not None:
            fields["thread_ts"] = message.thread_ts
        return fields | ({"metadata": message.metadata} if metadata and message.metadata else {})
