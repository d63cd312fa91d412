"""What a neutral message looks like on Telegram."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.styled import StyledText, is_visible
from bot.telegram.render import MAX_ENTITIES, MAX_UNITS, TelegramText, render
from summaries.message import (
    Action,
    Actions,
    Divider,
    File,
    Heading,
    List,
    Message,
    Paragraph,
    Picture,
    QuoteBlock,
    Run,
    Style,
)
from tests.bot.messages import HOSTILE, messages, paragraph
from tests.platforms.telegram_methods import checked_keyboard
from tests.platforms.telegram_text import DETECTED, checked, found_by_telegram, stretch, units

if TYPE_CHECKING:
    from typing import Any


def as_api(text: TelegramText) -> list[dict[str, Any]]:
    """Return the entities as the Bot API takes them."""
    return [
        {"type": e.kind, "offset": e.offset, "length": e.length} | ({"url": e.url} if e.url else {})
        for e in text.entities
    ]


def styled(text: TelegramText) -> list[tuple[str, str]]:
    """Return what the entities cover."""
    return [(entity.kind, stretch(text.text, entity.offset, entity.length)) for entity in text.entities]


def test_a_digest_is_plain_text_with_entities() -> None:
    """Blocks stand on lines of their own, a divider makes room, our commands stay to be tapped."""
    message = Message(
        (
            Heading((Run("Ida Moor"), Run(" · 2 quotes"))),
            Divider(),
            QuoteBlock((Run("“"), Run("The harbour stays open", verbatim=True), Run("”"))),
            Paragraph((Run("stressed Moor", Style.SMALL, verbatim=True), Run(" · /q1"))),
            Paragraph((Run("the page", link="https://example.org/a"),)),
            List(((Run("one"),), (Run("two", Style.BOLD),))),
        ),
    )
    (text,) = render(message)
    assert text.text == ("Ida Moor · 2 quotes\n\n“The harbour stays open”\nstressed Moor · /q1\nthe page\n• one\n• two")
    assert styled(text) == [
        ("bold", "Ida Moor · 2 quotes"),
        ("blockquote", "“The harbour stays open”"),
        ("italic", "stressed Moor"),
        ("text_link", "the page"),
        ("bold", "two"),
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_on_a_page_is_detected(hostile: str) -> None:
    """A name, command, tag or address out of an article must neither ping nor lead anywhere."""
    for text in render(paragraph(f"He said: {hostile} and went.")):
        given_and_found = checked(text.text, as_api(text))
        assert [e for e in given_and_found if e["type"] not in {"code", "blockquote"}] == []


@pytest.mark.parametrize(
    "plain", ["U.S. and a.m. today", "3.5bn in 2025", "and/or", "No.10 said.It is", "5:30 p.m.", "#1 of 3"]
)
def test_ordinary_words_are_not_covered(plain: str) -> None:
    """A cover is set in another typeface: only what Telegram would act on is worth it."""
    assert render(paragraph(plain)) == [TelegramText(plain)]


def test_our_own_commands_and_addresses_can_be_tapped() -> None:
    """What we write ourselves is there to be tapped; a name still pings nobody."""
    (text,) = render(paragraph("/q1 or example.org, not @durov", verbatim=False))
    assert styled(text) == [("code", "@durov")]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages())
def test_telegram_takes_whatever_is_rendered(message: Message) -> None:
    """Within every limit, no entity mended, whatever a page or a name holds."""
    for text in render(message):
        checked(text.text, as_api(text))
        assert units(text.text) <= MAX_UNITS
        assert len(text.entities) <= MAX_ENTITIES
        rows = [[{"text": b.label, "callback_data": b.data} for b in row if b.data] for row in text.keyboard]
        checked_keyboard({"inline_keyboard": rows})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages(st.just(value=True)))
def test_no_page_pings_anybody(message: Message) -> None:
    """Checked with TDLib's own detection, on whatever text."""
    for text in render(message):
        found = [entity for entity in checked(text.text, as_api(text)) if entity["type"] in DETECTED.values()]
        assert [stretch(text.text, entity["offset"], entity["length"]) for entity in found] == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages())
def test_no_word_is_lost_by_splitting(message: Message) -> None:
    """All that is visible arrives, in order."""
    expected = []
    for block in message.blocks:
        match block:
            case Heading(runs) | Paragraph(runs) | QuoteBlock(runs):
                expected.append(StyledText.of(runs).text)
            case List(points):
                expected += [StyledText.of((Run("• "), *point)).text for point in points]
            case _:
                pass
    shown = "".join("".join(text.text for text in render(message) if text.text != "…").split())
    assert [c for c in shown if is_visible(c)] == [c for c in "".join(expected) if is_visible(c) and c.strip()]


def test_a_quote_is_not_cut_where_it_fits() -> None:
    """A long message is split between blocks: every quote stands whole in one text."""
    quotes = [f"Quote {n}: " + "The harbour stays open. " * 40 + f"End {n}." for n in range(12)]
    texts = render(Message(tuple(QuoteBlock((Run(quote, verbatim=True),)) for quote in quotes)))
    assert len(texts) > 1
    assert [sum(quote in text.text for text in texts) for quote in quotes] == [1] * 12


def test_a_quote_in_a_long_paragraph_is_not_cut() -> None:
    """A paragraph that is too long is cut before the quoted words, not in them."""
    quote = "Nobody told us. Nobody asked. " * 20 + "Nobody will."
    runs = (Run("Context without an end " * 160), Run(quote, verbatim=True), Run(" and more." * 30))
    texts = render(Message((Paragraph(runs),)))
    assert [quote in text.text for text in texts] == [False, True]


def test_a_paragraph_is_cut_between_sentences() -> None:
    """Where a block is longer than a message, each part ends with a whole sentence."""
    texts = render(Message((QuoteBlock((Run("The harbour stays open. " * 400, verbatim=True),)),)))
    assert len(texts) == 3
    assert {text.text[-5:] for text in texts} == {"open."}


def test_a_heading_stays_with_what_follows_it() -> None:
    """A name alone at the end of a text says nothing."""
    texts = render(
        Message((Paragraph((Run("a " * 2000),)), Heading((Run("Ida Moor"),)), QuoteBlock((Run("b " * 400),))))
    )
    assert [text.text[:8] for text in texts] == ["a a a a ", "Ida Moor"]


def test_a_hundred_names_are_covered_by_few_entities() -> None:
    """A text has at most 100 entities; a page may print more names."""
    (text,) = render(paragraph(" ".join(f"@name{n}" for n in range(300))))
    assert [entity.kind for entity in text.entities] == ["code"]


def test_an_accent_or_flag_is_not_parted() -> None:
    """Where a word is longer than a message the cut falls between signs."""
    texts = render(paragraph("👩‍👩‍👧‍👦" * 900))
    assert {text.text[0] for text in texts} == {"👩"}
    assert {text.text[-1] for text in texts} == {"👦"}


def test_a_long_quotation_is_folded() -> None:
    """Clients show three lines of it and a tap opens the rest."""
    (text,) = render(Message((QuoteBlock((Run("The harbour stays open. " * 60),)),)))
    assert [entity.kind for entity in text.entities] == ["expandable_blockquote"]


def test_buttons_carry_ids_and_never_names() -> None:
    """A command of ids travels in the button; any other as a token, kept by whoever sends."""
    actions = (
        Action("Proof", command="/q12"),
        Action("Tell me", command="/subscribe ida moor"),
        Action("Page", link="https://example.org"),
        Action("Copy", copy="The harbour stays open"),
        Action("Too long to copy", copy="x" * 257),
    )
    (text,) = render(Message((Paragraph((Run("x"),)), Actions(actions))))
    buttons = [button for row in text.keyboard for button in row]
    assert [button.label for button in buttons] == ["Proof", "Tell me", "Page", "Copy"]
    assert buttons[0].data == "/q12"
    assert dict(text.taps) == {buttons[1].data: "/subscribe ida moor"}
    assert "moor" not in str(buttons[1].data)
    assert (buttons[2].url, buttons[3].copy) == ("https://example.org", "The harbour stays open")


def test_buttons_stand_under_the_last_text() -> None:
    """Whoever has read to the end finds them; a message of buttons alone still needs a text."""
    texts = render(Message((Actions((Action("A", "/a"),)), Paragraph((Run("w " * 3000),)))))
    assert [bool(text.keyboard) for text in texts] == [False, True]
    (alone,) = render(Message((Actions((Action("A", "/a"),)),)))
    assert alone.text == "…"


def test_a_message_that_shows_nothing_is_nothing() -> None:
    """Telegram refuses empty texts: they are not sent."""
    assert render(Message((Paragraph((Run(" \u200b\u2060 "),)), Divider()))) == []


def test_a_picture_is_told_in_words() -> None:
    """Where only text goes, its words stand for it."""
    assert render(Message((Picture(b"", "A map of the harbour"),)))[0].text == "A map of the harbour"


def test_detection_finds_what_the_server_would() -> None:
    """The check itself works: uncovered, these are found."""
    assert [entity["type"] for entity in found_by_telegram("@durov /start #tag $USD example.org a@b.org")] == [
        "mention", "bot_command", "hashtag", "cashtag", "url", "email",
    ]  # fmt: skip


def test_a_file_has_the_last_text_as_its_caption() -> None:
    """Where that fits; each further file is a message of its own, and buttons stand under the last."""
    files = (File("a.csv", "1,2"), File("b.csv", "3"))
    parts = render(Message((Paragraph((Run("Two tables"),)), *files, Actions((Action("Proof", "/q1"),)))))
    assert [(part.text, part.file_name, part.file_text) for part in parts] == [
        ("Two tables", "a.csv", "1,2"),
        ("", "b.csv", "3"),
    ]
    assert [bool(part.keyboard) for part in parts] == [False, True]
    long = render(Message((Paragraph((Run("x" * 1025),)), files[0])))
    assert [part.file_name for part in long] == [None, "a.csv"]


def test_a_label_turns_no_reading_direction() -> None:
    """Names out of an article stand on buttons."""
    actions = Actions((Action("Zoë\u202e\nMoor", "/q1"), Action("\u202e", "/q2")))
    (part,) = render(Message((Paragraph((Run("Who?"),)), actions)))
    assert [button.label for row in part.keyboard for button in row] == ["Zoë Moor", "…"]
