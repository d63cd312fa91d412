"""What can be typed, as clients list it and ``/help`` explains it."""

from __future__ import annotations

COMMANDS: tuple[tuple[str, str], ...] = (
    ("quotes", "What someone said, word for word"),
    ("summary", "What happened: the latest article, or one with your words"),
    ("subscribe", "A message when someone is quoted"),
    ("unsubscribe", "End such messages"),
    ("briefing", "The news now, or at a time you choose"),
    ("sources", "Where articles come from"),
    ("settings", "The time zone of this chat"),
    ("help", "What can be asked"),
    ("privacy", "What is kept, and who sees it"),
)
"""Names without the slash, each with what it does; buttons stand for further commands that nobody has to know."""

OPERATORS: tuple[tuple[str, str], ...] = (
    ("merge", "Two speakers who are one"),
    ("rename", "Another name for a speaker"),
    ("undo", "What a merge or another name changed"),
)
"""The same for what only operators may: explained to them, listed by no client."""

TYPED_TOO = ("address",)
"""Further commands that a person has to type, where an answer says so."""

WITHOUT_SLASH = frozenset(name for name, _ in (*COMMANDS, *OPERATORS)) | {"q", "claim", "start", *TYPED_TOO}
"""Names that are understood without a slash where a platform knows no slash (Slack's mentions and direct messages).

Further names of commands are everyday words ("all", "where"): a question may begin with them.
"""
