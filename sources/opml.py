"""Lists of feeds as OPML, in and out; folders become tags.

What we write we read again as it was. What OPML has no place for stands in a namespace of ours, as its standard asks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sources.addresses import clean_address
from sources.decoding import DeclarationError, decode, root_name, safe_xml
from sources.errors import FileError
from sources.plain import plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element

_DIVIDERS = re.compile(r"[,/]")
MAX_FEEDS = 10_000
MAX_TAGS = 10
"""Folders inside folders that are kept; no reader nests deeper on purpose."""
NAMESPACE = "urn:onrecord:opml"
_FULL_TEXTS = frozenset({"always", "never"})


@dataclass(frozen=True, slots=True)
class ListedFeed:
    """A feed in a list.

    Attributes:
        url: Of the feed.
        title: None where the list has none.
        home: Of its site.
        tags: The folders it stands in, the outermost first.
        country: ISO 3166 code of the country the outlet reports from; our own attribute, as the next two are.
        owner: Who owns or pays for the outlet, as it says itself.
        full_text: "always" or "never" where its articles' pages are; None where that depends on the feed.
    """

    url: str
    title: str | None = None
    home: str | None = None
    tags: tuple[str, ...] = ()
    country: str | None = None
    owner: str | None = None
    full_text: str | None = None


def read_opml(data: bytes) -> tuple[ListedFeed, ...]:
    """Return the feeds of an OPML file in its order, each address once; its tags are those of all its places.

    Raises:
        FileError: if it is no OPML, or declares entities.
    """
    from lxml import etree  # noqa: PLC0415 - 20 ms; only imports pay for it

    try:
        xml = safe_xml(decode(data))
    except DeclarationError as exc:
        msg = "This OPML file declares entities, which no list of feeds needs; it was not read."
        raise FileError(msg) from exc
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True)
    root = etree.fromstring(xml.encode(), parser) if root_name(xml) == "opml" else None
    if root is None:
        msg = "This is not an OPML file. Export one from your feed reader and try again."
        raise FileError(msg)
    feeds: dict[str, ListedFeed] = {}
    for feed in _feeds(root):
        feeds[feed.url] = feed if (known := feeds.get(feed.url)) is None else _both(known, feed)
        if len(feeds) > MAX_FEEDS:
            msg = f"This OPML file lists more than {MAX_FEEDS} feeds."
            raise FileError(msg)
    return tuple(feeds.values())


def _feeds(root: _Element) -> Iterator[ListedFeed]:
    """Yield the feeds in their order; no recursion, for files nest as deep as they like."""
    waiting: list[tuple[_Element, tuple[str, ...]]] = [(root, ())]
    while waiting:
        element, tags = waiting.pop()
        url = clean_address(_attribute(element, "xmlUrl") or "")
        name = plain(_attribute(element, "title") or _attribute(element, "text"))
        if url is not None:
            yield _feed(element, url, name, tags)
        elif name is not None and len(tags) < MAX_TAGS and name not in tags:
            tags = (*tags, name)
        waiting.extend((child, tags) for child in reversed(element) if isinstance(child.tag, str))


def _both(first: ListedFeed, second: ListedFeed) -> ListedFeed:
    """Return a feed that stands at two places: in the folders of both, and what only one says of it holds."""
    said = {field.name: getattr(first, field.name) or getattr(second, field.name) for field in fields(ListedFeed)}
    return ListedFeed(**said | {"tags": tuple(dict.fromkeys(first.tags + second.tags))})


def _feed(element: _Element, url: str, name: str | None, folders: tuple[str, ...]) -> ListedFeed:
    full_text = _own(element, "fullText")
    if (own_tags := _own(element, "tags")) is not None:
        tags = tuple(dict.fromkeys([*folders, *(tag for one in own_tags.split("\n") if (tag := plain(one)))]))
    else:
        tags = _with_categories(folders, _attribute(element, "category"))
    return ListedFeed(
        url,
        # Every outline has to have a text: that of a feed without a name is its address.
        None if name == plain(_attribute(element, "xmlUrl")) else name,
        clean_address(_attribute(element, "htmlUrl") or ""),
        tags,
        # Lists from before there was a namespace have these two without.
        _own(element, "country") or _attribute(element, "country"),
        _own(element, "owner") or _attribute(element, "owner"),
        full_text if full_text in _FULL_TEXTS else None,
    )


def _with_categories(tags: tuple[str, ...], category: str | None) -> tuple[str, ...]:
    """Return the folders and what the feed's own ``category`` adds: "World,/Asia/Vessin" (OPML 2.0)."""
    named = [plain(part) for one in (category or "").split(",") for part in one.split("/")]
    return tuple(dict.fromkeys([*tags, *(name for name in named if name)]))[:MAX_TAGS]


def _attribute(element: _Element, name: str) -> str | None:
    """Return an attribute; readers disagree on its case."""
    for key, value in element.attrib.items():
        if str(key).lower() == name.lower():
            return str(value).strip() or None
    return None


def _own(element: _Element, name: str) -> str | None:
    """Return an attribute of ours."""
    return str(element.get(f"{{{NAMESPACE}}}{name}", "")).strip() or None


def write_opml(feeds: Iterable[ListedFeed], *, title: str) -> bytes:
    """Return an OPML 2.0 file; a feed stands in the folder of its first tag, its other tags in ``category``."""
    from lxml import etree  # noqa: PLC0415 - 20 ms; only exports pay for it

    root = etree.Element("opml", {"version": "2.0"}, nsmap={"onrecord": NAMESPACE})
    etree.SubElement(etree.SubElement(root, "head"), "title").text = title
    body = etree.SubElement(root, "body")
    folders: dict[str, _Element] = {}
    for feed in feeds:
        parent = body
        if feed.tags:
            folder = feed.tags[0]
            if folder not in folders:
                folders[folder] = etree.SubElement(body, "outline", text=folder)
            parent = folders[folder]
        outline = etree.SubElement(parent, "outline", type="rss", text=feed.title or feed.url, xmlUrl=feed.url)
        for name, value in _more(feed).items():
            if value:
                outline.set(name, value)
    written: bytes = etree.tostring(root, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def _more(feed: ListedFeed) -> dict[str, str | None]:
    """Return the attributes that a feed may have besides its name and address."""
    others = feed.tags[1:]
    category = ",".join(_DIVIDERS.sub(" ", tag) for tag in others)
    # A comma or a slash divides categories, and cannot be escaped.
    is_whole = len(others) < MAX_TAGS and category == ",".join(others)
    own = {
        "country": feed.country,
        "owner": feed.owner,
        "fullText": feed.full_text,
        "tags": None if is_whole else "\n".join(" ".join(tag.split()) for tag in feed.tags),
    }
    return {"htmlUrl": feed.home, "category": category, **{f"{{{NAMESPACE}}}{name}": own[name] for name in own}}
