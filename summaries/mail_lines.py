"""``without_mail_lines``: a newsletter's page without what speaks to its reader: greetings above the news, footers below.

Only whole paragraphs are taken out, and only those whose every sentence is known for one: what is not sure is kept.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from summaries.errors import NotAnArticleError
from summaries.values import ParagraphKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from summaries.page_words import MailWords
    from summaries.pages import CleanPage

OPENING = 6
"""Paragraphs from the beginning among which a newsletter greets: a link to the browser and a preview may come first."""
CLOSING = 12
"""Paragraphs from the end among which it says goodbye: names, addresses and links follow."""
MAX_CHARACTERS = 1_000
"""A greeting or a footer is shorter; what is longer is not looked at."""
NAME_WORDS = 3
"""Words of a name in a greeting, at most."""
CALLED_WORDS = 6
"""Words of whom a greeting calls between commas, at most (", dear readers of the Gazette,")."""
FAREWELL_WORDS = 6
GREETING_WORDS = 30
"""Words of one sentence of a greeting, at most."""
FOOTER_WORDS = 40
"""Words of one sentence of a footer, at most."""
LINE_WORDS = 5
"""Words of a line beside footers that is dropped as a name, at most: a headline has more."""
LOOSE_WORDS = 16
"""Words up to which a line without an end is a name or an address, where footers stand."""
LOWER_SHARE = 4
"""One word in so many may be without a capital in a postal address."""
ABBREVIATED_WORDS = 2
"""Words up to which a piece with a full stop is an abbreviation ("P.O.", "Ltd."), where footers stand."""

_PIECE = re.compile(r"(?<=[.!?:]) | [|·•] ")
_MARKS = re.compile('["“”„«»‟]')
_ENDS = re.compile(r"[.!?…:][\"'”’»“)\]]*$")
_WORD = re.compile(r"\w+")
_PAUSE = re.compile(r"\s*[,.!:–—]|\s-\s")
_FIRST_NAME = re.compile(r"\s[^\W\d_]+\s?[,–—]")
_ADDRESS = re.compile(r"<[^<>]*>|\(?(?:https?://|www\.)\S+|(?<!\S)[^\s@]{1,80}@\S+")
_RIGHTS = re.compile(r"(?:copyright\s*)?(?:©|\(c\)\s*(?:19|20)\d\d\b)|copyright\s+(?:19|20)\d\d\b")
# Four to six digits in most countries (and no year), letters and digits in a few.
_POSTCODE = re.compile(
    r"\b(?!(?:19|20)\d\d\b)\d{4,6}\b|\b[a-z]{1,2}\d[a-z\d]? ?\d[a-z]{2}\b|\b[a-z]\d[a-z] ?\d[a-z]\d\b"
)
_NO_NEWS = "There is nothing in this mail but greetings and footers."


def without_mail_lines(page: CleanPage, words: MailWords) -> CleanPage:
    """Return a mail's page without greetings and footers, and how many they were.

    Raises:
        NotAnArticleError: if nothing else is in it.
    """
    texts = [folded(text) for _, text in page.paragraphs]
    sender = _name_pattern(page.outlet)
    greetings = {at for at in range(len(texts)) if _is_greeting_there(page, texts, at, sender, words)}
    footers = {at for at, text in enumerate(texts) if at not in greetings and _is_footer(text, words)}
    footers |= _below(page, texts, greetings | footers, words)
    counts = (("greetings", len(greetings)), ("footer lines", len(footers)))
    kept = [each for at, each in enumerate(page.paragraphs) if at not in greetings | footers]
    prose = [at for at, (kind, _) in enumerate(kept) if kind is not ParagraphKind.HEADING]
    if not prose:
        raise NotAnArticleError(_NO_NEWS)
    kept[prose[0]] = (ParagraphKind.LEAD, kept[prose[0]][1])
    left_out = (*page.left_out, *((what, count) for what, count in counts if count))
    return replace(page, paragraphs=tuple(kept), left_out=left_out)


def folded(text: str) -> str:
    """Return a text as it is compared: in lower case, "e-mail" without its hyphen, one sort of apostrophe."""
    return text.lower().replace("e-mail", "email").replace("’", "'")


def _name_pattern(name: str | None) -> re.Pattern[str]:
    """Return what finds a name as it is printed: the sender "Time" is not in "for the first time"."""
    return re.compile(rf"(?<!\w){re.escape(_straight(name))}(?!\w)" if name else r"(?!)")


def _straight(text: str) -> str:
    return text.replace("’", "'")


def _is_greeting_there(
    page: CleanPage, texts: Sequence[str], at: int, sender: re.Pattern[str], words: MailWords
) -> bool:
    """Return whether a paragraph greets where newsletters greet, or says goodbye where they do."""
    # What stands between quotation marks was said to somebody else.
    if len(texts[at]) > MAX_CHARACTERS or _MARKS.search(texts[at]):
        return False
    pieces = _PIECE.split(texts[at])
    # Case does not change where pieces end.
    printed = _PIECE.split(_straight(page.paragraphs[at][1]))
    if at < OPENING and _is_greeting(list(zip(pieces, printed, strict=True)), sender, words):
        return True
    return at >= len(texts) - CLOSING and all(_is_farewell(piece, words) for piece in pieces)


def _is_greeting(pieces: Sequence[tuple[str, str]], sender: re.Pattern[str], words: MailWords) -> bool:
    """Return whether the first sentence greets and each that follows does, or says what the newsletter is about to do."""
    if any(_count(piece) > GREETING_WORDS for piece, _ in pieces):
        return False
    first, *others = pieces
    return _greets(*first, sender, words) and all(
        words.aside.match(piece) is not None or _greets(piece, printed, sender, words) for piece, printed in others
    )


def _greets(piece: str, printed: str, sender: re.Pattern[str], words: MailWords) -> bool:
    """Return whether a sentence is a salutation, thanks the reader, or greets and goes on about the newsletter."""
    if words.thanks.match(piece):
        return True
    found = words.greeting.match(piece)
    if found is None:
        return False
    after = piece[found.end() :]
    return _is_short(after) or _is_about_mail(after, printed[found.end() :], sender, words)


def _is_about_mail(after: str, printed: str, sender: re.Pattern[str], words: MailWords) -> bool:
    """Return whether a greeting goes on about the newsletter, behind a pause or a word that says so.

    "Hello Fresh said its newsletter list was stolen" is news.
    """
    toward = words.toward.match(after.lstrip())
    if (toward or _PAUSE.match(after)) and sender.search(printed):
        return True
    if toward and _count(after) <= CALLED_WORDS and words.aside.search(after):
        return True
    return any(
        words.aside.match(after[at:].lstrip()) or _greets(after[at:].lstrip(), printed[at:].lstrip(), sender, words)
        for at in _breaks(after, words)
    )


def _breaks(after: str, words: MailWords) -> list[int]:
    """Return where a greeting may go on: behind commas, dashes and "and", as long as few words were called before."""
    named = _FIRST_NAME.match(after)
    if named:
        return [named.end()]
    begins = after.lstrip()
    if not (_PAUSE.match(after) or words.joins.match(begins) or words.toward.match(begins)):
        return []
    ends = [found.end() for pattern in (_PAUSE, words.joins) for found in pattern.finditer(after)]
    return [at for at in ends if _count(after[:at]) <= CALLED_WORDS]


def _is_short(after: str) -> bool:
    """Return whether what follows a greeting's first words is a name at most: "!", ", Anna.", " from Brenn,"."""
    name = after.strip(" ,.:!–—")
    if not name:
        return True
    calls = after[-1] in ",!–—"
    if after[0] == ",":
        return _count(name) <= (CALLED_WORDS if calls else NAME_WORDS)
    return after[0] == " " and calls and _count(name) <= NAME_WORDS


def _is_farewell(piece: str, words: MailWords) -> bool:
    """Return whether a sentence says goodbye and nothing else, or thanks the reader."""
    if words.thanks.match(piece):
        return _count(piece) <= GREETING_WORDS
    found = words.farewell.match(piece)
    if found is None or _count(piece) > FAREWELL_WORDS:
        return False
    # "Until tomorrow the bridge is closed" is news.
    return piece[found.end() : found.end() + 1] in {"", ",", ".", "!", ":"}


def _is_footer(text: str, words: MailWords) -> bool:
    """Return whether a paragraph begins like a footer, and nothing in it is a sentence of another kind."""
    if len(text) > MAX_CHARACTERS:
        return False
    first, *others = _PIECE.split(text)
    return _is_of_footer(first, words) and all(
        _is_of_footer(piece, words) or _is_loose(piece) or _is_postal(piece, words) for piece in others
    )


def _is_of_footer(piece: str, words: MailWords) -> bool:
    """Return whether a sentence is one of a footer's: by its beginning, by its rights, or because it is all links."""
    if _count(piece) > FOOTER_WORDS:
        return False
    if words.footer.match(piece) or _RIGHTS.match(piece):
        return True
    shown = _ADDRESS.sub(" ", piece)
    rest = words.links.sub(" ", shown)
    return rest != shown and words.between.issuperset(_WORD.findall(rest))


def _is_loose(piece: str) -> bool:
    """Return whether words are no sentence: a name, an address of the web, an abbreviation."""
    if len(piece) > MAX_CHARACTERS:
        return False
    count = _count(_ADDRESS.sub(" ", piece))
    return count <= LOOSE_WORDS and (_ENDS.search(piece) is None or count <= ABBREVIATED_WORDS)


def _is_postal(piece: str, words: MailWords) -> bool:
    """Return whether words are a postal address."""
    return (
        _count(piece) <= LOOSE_WORDS and _POSTCODE.search(piece) is not None and words.postal.search(piece) is not None
    )


def _below(page: CleanPage, texts: Sequence[str], dropped: set[int], words: MailWords) -> set[int]:
    """Return the numbers of the names and addresses among the footers, below the last line of the news.

    None where no line is left above them: then they are the news.
    """
    postal = {at for at, (_, text) in enumerate(page.paragraphs) if _is_named(text) and _is_postal(texts[at], words)}
    start = len(texts)
    while start and (start - 1 in dropped | postal or _is_name_line(page.paragraphs[start - 1][1])):
        start -= 1
    first = min((at for at in dropped if at >= start), default=None)
    if first is None or start == 0:
        return set()
    after = {at for at in range(first, len(texts)) if _MARKS.search(texts[at]) is None}
    return (after | {at for at in postal if at >= start}) - dropped


def _is_name_line(text: str) -> bool:
    """Return whether a line is a name or an address of the web: short items of news are neither."""
    shown = _ADDRESS.sub(" ", text)
    return _is_loose(text) and _count(shown) <= LINE_WORDS and _is_named(shown)


def _is_named(text: str) -> bool:
    """Return whether nearly all words have a capital or are numbers, as in names and addresses, and no sentence."""
    return LOWER_SHARE * sum(word[0].islower() for word in text.split()) <= _count(text)


def _count(text: str) -> int:
    return len(text.split())
