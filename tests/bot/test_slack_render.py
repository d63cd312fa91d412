"""What a neutral message looks like on Slack."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings

from bot.slack.render import MAX_BLOCKS, SlackText, escaped, render
from bot.slack.typed_here import typed_here
from bot.styled import StyledText, is_visible
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
from tests.platforms.slack_blocks import acting, check_message, words_of


def shown(text: SlackText) -> str:
    """Return all words of the blocks."""
    return "".join(words for block in text.blocks for words in words_of(dict(block)))


def test_a_digest_is_rich_text() -> None:
    """Styles are named beside the words; set-back lines are context; what is pressed has a value."""
    message = Message(
        (
            Heading((Run("Ida Moor"),)),
            Divider(),
            QuoteBlock((Run("“"), Run("The harbour stays open", Style.BOLD, verbatim=True), Run("”"))),
            Paragraph((Run("stressed Moor", Style.SMALL),)),
            Paragraph((Run("the page", link="https://example.org/a"), Run(" and "), Run("x", Style.CODE))),
            Paragraph((Run("second line"),)),
            List(((Run("one"),), (Run("two"),))),
            Actions((Action("Proof", "/q1"), Action("Page", link="https://example.org"), Action("Copy", copy="x"))),
        ),
    )
    (text,) = render(message)
    line = [
        {"type": "link", "url": "https://example.org/a", "text": "the page"},
        {"type": "text", "text": " and "},
        {"type": "text", "text": "x", "style": {"code": True}},
        {"type": "text", "text": "\n"},
        {"type": "text", "text": "second line"},
    ]
    points = [{"type": "rich_text_section", "elements": [{"type": "text", "text": words}]} for words in ("one", "two")]
    quote = [
        {"type": "text", "text": "“"},
        {"type": "text", "text": "The harbour stays open", "style": {"bold": True}},
        {"type": "text", "text": "”"},
    ]
    heading = {"type": "text", "text": "Ida Moor", "style": {"bold": True}}
    label = {"type": "plain_text", "emoji": False}
    assert [dict(block) for block in text.blocks] == [
        {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [heading]}]},
        {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": quote}]},
        {"type": "context", "elements": [{"type": "plain_text", "text": "stressed Moor", "emoji": False}]},
        {
            "type": "rich_text",
            "elements": [
                {"type": "rich_text_section", "elements": line},
                {"type": "rich_text_list", "style": "bullet", "elements": points},
            ],
        },
        {
            "type": "actions",
            "elements": [
                {"type": "button", "text": label | {"text": "Proof"}, "action_id": "tap-0", "value": "/q1"},
                {
                    "type": "button",
                    "text": label | {"text": "Page"},
                    "action_id": "tap-1",
                    "url": "https://example.org",
                },
            ],
        },
    ]
    assert text.text.startswith("Ida Moor\n“The harbour stays open”\nstressed Moor\n")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_on_a_page_acts(hostile: str) -> None:
    """An unescaped <!channel> in a news text would ping everybody."""
    for text in render(paragraph(f"He said: {hostile} and went.")):
        blocks = [dict(block) for block in text.blocks]
        check_message(text.text, blocks)
        assert acting(text.text, blocks) == []


def test_exactly_three_signs_are_escaped() -> None:
    """Ampersand first, or the others would be escaped twice."""
    assert escaped("<!channel> & 'AT&amp;T'") == "&lt;!channel&gt; &amp; 'AT&amp;amp;T'"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages())
def test_slack_takes_whatever_is_rendered(message: Message) -> None:
    """Within every limit, and nothing acts, whatever a page or a name holds."""
    for text in render(message):
        blocks = [dict(block) for block in text.blocks]
        check_message(text.text, blocks)
        assert len(blocks) <= MAX_BLOCKS
        assert len(shown(text)) < 12_000
        assert acting(text.text, blocks) == []


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(messages())
def test_no_word_is_lost_by_splitting(message: Message) -> None:
    """All that is visible arrives, in order, our commands as Slack takes them."""
    blocks = tuple(block for block in typed_here(message).blocks if not isinstance(block, Actions))
    expected = ""
    for block in blocks:
        match block:
            case Heading(runs) | Paragraph(runs) | QuoteBlock(runs):
                expected += StyledText.of(runs).text
            case List(points):
                expected += "".join(StyledText.of(point).text for point in points)
            case _:
                pass
    arrived = "".join(shown(text) for text in render(Message(blocks)))
    assert [c for c in arrived if is_visible(c)] == [c for c in expected if is_visible(c)]


def test_a_quote_is_not_cut_where_it_fits() -> None:
    """A long message is split between blocks: every quote stands whole in one message."""
    quotes = [f"Quote {n}: " + "The harbour stays open. " * 90 + f"End {n}." for n in range(12)]
    texts = render(Message(tuple(QuoteBlock((Run(quote, verbatim=True),)) for quote in quotes)))
    assert len(texts) > 1
    assert [sum(quote in shown(text) for text in texts) for quote in quotes] == [1] * 12


def test_a_heading_stays_with_what_follows_it() -> None:
    """A name alone at the end of a message says nothing."""
    message = Message((Paragraph((Run("a " * 5900),)), Heading((Run("Ida Moor"),)), QuoteBlock((Run("b " * 4000),))))
    assert [shown(text)[:8] for text in render(message)] == ["a a a a ", "Ida Moor"]


def test_many_buttons_stand_in_several_blocks() -> None:
    """25 a block; a long label is shortened, a command too long for a value travels as a token."""
    long = "/subscribe " + "x" * 2500
    (text,) = render(Message((Actions((*(Action(f"{n} " * 40, f"/q{n}") for n in range(30)), Action("long", long))),)))
    check_message(text.text, [dict(block) for block in text.blocks])
    assert [len(block["elements"]) for block in text.blocks] == [25, 6]
    assert [command for _, command in text.taps] == [long]
    assert text.blocks[1]["elements"][-1]["value"] == text.taps[0][0]


def test_the_text_beside_is_for_notifications() -> None:
    """It is shortened; the blocks hold everything."""
    (text,) = render(paragraph("The harbour stays open. " * 300))
    assert len(text.text) < 4000
    assert text.text.endswith("open. …")
    assert len(shown(text)) > 7000


def test_a_message_that_shows_nothing_is_nothing() -> None:
    """Slack refuses empty messages: they are not sent."""
    assert render(Message((Paragraph((Run(" \u200b "),)), Divider()))) == []


def test_a_picture_is_told_in_words() -> None:
    """Where only text goes, its words stand for it."""
    assert render(Message((Picture(b"", "A map of the harbour"),)))[0].text == "A map of the harbour"


def test_a_file_is_shown_as_it_is() -> None:
    """As many lines as one message holds, and how many do not fit: nothing is uploaded, so no right for it is asked."""
    (part,) = render(Message((File("quotes.csv", "number,quote\r\nq1,<!channel>"),)))
    assert part.blocks[0]["elements"] == [
        {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "number,quote\nq1,<!channel>"}]}
    ]
    (long,) = render(Message((File("quotes.csv", "\n".join(["x" * 99] * 200)),)))
    assert "110 more lines of quotes.csv do not fit here" in str(long.blocks[-1])
    assert render(Message((File("empty.csv", ""),))) == []
