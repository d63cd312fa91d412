"""Messages to render, and strategies that make up hostile ones."""

from __future__ import annotations

from hypothesis import strategies as st

from summaries.message import (
    Action,
    Actions,
    Block,
    Divider,
    Heading,
    List,
    Message,
    Paragraph,
    QuoteBlock,
    Run,
    Style,
)

SENTENCES = "The harbour stays open. Nobody was told before Friday! Will it freeze in January? "

# What pages print, and what a platform could take for something to act on.
HOSTILE = (
    "@durov wrote to all", "/start now", "(/q12)", "#peace talks", "$USD rose", "$1INCH fell", "mail ana@example.org today",
    "see example.org.", "https://example.org/a_(b)?x=1&y=2", "<!channel> and <@U123> and <b>bold</b>", "*stars* _and_ `ticks`",
    "AT&T < IBM > DEC", "&lt;!here&gt;", "“Ask @a_lawyer,” she said", "U.S. and a.m. and 3.5bn", "end.the next", "tg://resolve?x=y",
    "👩‍👩‍👧‍👦🇺🇦🇩🇪👍🏽", "שלום @shalom /x", "مرحبا #سلام", "#日本語 tag", "x@y.co.uk", "пример.рф", "1.2.3.4", "a\u202eb\u2066c", "\ud83d alone",
    "tab\tand\rreturn\u2028line", "\u200b", "w" * 5000, "😀" * 2500, "/", "@", "#", "$", ".", "://", "e\u0301" * 30, "http://[::1]/x",
)  # fmt: skip

words = st.one_of(
    st.sampled_from(HOSTILE),
    st.text(max_size=60),
    st.text(alphabet="@/#$.:ab1Z_-<>&é日😀 \n\u200c\u00b7", max_size=40),
    st.integers(1, 120).map(lambda times: SENTENCES * times),
)
ANY = st.booleans()
links = st.one_of(st.none(), st.just("https://example.org/a"), st.just("javascript:alert(1)"))


def runs(verbatim: st.SearchStrategy[bool]) -> st.SearchStrategy[tuple[Run, ...]]:
    """Return made-up runs."""
    run = st.builds(Run, words, st.sampled_from(Style), links, verbatim)
    return st.lists(run, max_size=5).map(tuple)


def messages(verbatim: st.SearchStrategy[bool] = ANY) -> st.SearchStrategy[Message]:
    """Return made-up messages."""
    some = runs(verbatim)
    action = st.one_of(
        st.builds(
            Action, st.text("ab é", min_size=1, max_size=75), command=st.text("/quotes pé1 ", min_size=1, max_size=90)
        ),
        st.builds(Action, st.just("open"), link=st.just("https://example.org")),
        st.builds(Action, st.just("copy"), copy=st.text(max_size=300)),
    )
    blocks: st.SearchStrategy[Block] = st.one_of(
        st.builds(Heading, some), st.builds(Paragraph, some), st.builds(QuoteBlock, some), st.just(Divider()),
        st.builds(List, st.lists(some, max_size=4).map(tuple)), st.builds(Actions, st.lists(action, max_size=6).map(tuple)),
    )  # fmt: skip
    return st.lists(blocks, max_size=8).map(lambda made: Message(tuple(made)))


def paragraph(text: str, *, verbatim: bool = True) -> Message:
    """Return a message of one paragraph."""
    return Message((Paragraph((Run(text, verbatim=verbatim),)),))
