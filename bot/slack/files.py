"""Files that came with a message on Slack: which can be read, and their content.

A file's address is asked with the bot token, so it is asked of Slack alone, and no redirect is followed: whoever could choose
the address would be given the token.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aiohttp import ClientError

from handlers.command import Pasted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from slack_sdk.web.async_client import AsyncWebClient

MAX_FILE = 2_000_000  # bytes; a page of text is never larger
OK = 200
_NAMED = re.compile(r"\.(txt|text|md|html?|xhtml|eml)$", re.IGNORECASE)
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "message/rfc822": ".eml", "text/markdown": ".md"}
# As the whole authority: readers of addresses disagree on what stands before an @ or behind a backslash.
_HOSTS = re.compile(r"files\.slack\.com|files-origin\.slack\.com")


@dataclass(frozen=True, slots=True)
class FileThere:
    """A file that may be fetched.

    Attributes:
        name: With an ending that says what it is.
    """

    name: str
    url: str


def readable(event: Mapping[str, Any]) -> FileThere | None:
    """Return the first file of a message if it is text or HTML of a size that is read; pure."""
    files = event.get("files") or []
    if not files:
        return None
    file = files[0]
    name, url = str(file.get("name") or ""), file.get("url_private_download") or file.get("url_private")
    ending = _ENDINGS.get(str(file.get("mimetype")))
    # Long pastes become snippets, whose names have any ending or none.
    if not _NAMED.search(name) and ending is not None:
        name = f"{name or 'page'}{ending}"
    if not url or not _NAMED.search(name) or int(file.get("size") or 0) > MAX_FILE:
        return None
    return FileThere(name, str(url))


async def fetched(client: AsyncWebClient, file: FileThere) -> Pasted | None:
    """Return a file's content, None where Slack does not hand it out (the scope files:read is missing, or it is gone)."""
    session, api = client.session, urlsplit(client.base_url)
    assert session is not None, "the client comes from slack_client, which gives it a session"
    there = urlsplit(file.url)
    # A test's Slack hands its files out at its own address.
    is_slack = there.scheme == "https" and _HOSTS.fullmatch(there.netloc)
    if not is_slack and (there.scheme, there.netloc) != (api.scheme, api.netloc):
        return None
    headers = {"Authorization": f"Bearer {client.token}"}
    try:
        async with session.get(file.url, headers=headers, allow_redirects=False) as response:
            if response.status != OK:
                return None
            data = bytearray()
            async for piece in response.content.iter_chunked(65_536):
                data += piece
                if len(data) > MAX_FILE:
                    return None
    except (ClientError, TimeoutError, OSError):
        return None
    return Pasted(file.name, bytes(data))
