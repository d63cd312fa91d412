"""``page_of(entry)``: an entry's own text as a page, for the cleaner that reads pages.

Built as a tree, never as a string: what stands in an entry cannot break out of its place. To be called where pages are
cleaned, in the process for analysis, for it parses what strangers wrote.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from sources.decoding import legal

if TYPE_CHECKING:
    from sources.entries import Entry


def page_of(entry: Entry, *, outlet: str | None = None, language: str | None = None) -> str:
    """Return an HTML page that holds an entry's longer text, its title, author, date and address.

    Args:
        entry: With content or a summary; without both the page has a title only.
        outlet: The feed's title.
        language: The feed's language, as printed.
    """
    from lxml import html  # noqa: PLC0415 - 50 ms; only whole-text feeds pay for it
    from lxml.etree import LxmlError, SubElement  # noqa: PLC0415 - the same

    page = html.Element("html", {"lang": legal(language)} if language else {})
    head, body = SubElement(page, "head"), SubElement(page, "body")
    title, author = legal(entry.title or ""), legal(entry.author or "")
    printed = {
        "og:title": title,
        "og:site_name": legal(outlet or ""),
        "og:url": entry.link,
        "article:author": author,
        "article:published_time": entry.printed_at and entry.printed_at.isoformat(),
    }
    for name, value in printed.items():
        if value:
            SubElement(head, "meta", property=name, content=value)
    if author:
        SubElement(head, "meta", name="author", content=author)
    article = SubElement(body, "article")
    if title:
        SubElement(head, "title").text = title
        SubElement(article, "h1").text = title
    written = legal(max(entry.content or "", entry.summary or "", key=len))
    with suppress(LxmlError, ValueError):  # nothing in it is text
        text = html.fragment_fromstring(written, create_parent="div")
        if text.find(".//p") is None and (text.text or "").strip():
            text.tag = "p"  # bare text is one paragraph
        article.append(text)
    whole: str = html.tostring(page, encoding="unicode", doctype="<!DOCTYPE html>")
    return whole
