"""``/q12``: the proof card of a quote, and what people say is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from handlers.elsewhere import seen_line
from handlers.numbers import number_in
from handlers.reading_aloud import handed_in, origin_line
from handlers.reasons import reason_runs
from handlers.taking_back import take_back
from handlers.unasked import tell_operators
from handlers.wording import bold, buttons, code, counted, line, says, small
from store.feedback import Decision, Fault
from store.values import QuoteState
from summaries.digests import SURE
from summaries.message import Action, Actions, Heading, Message, Paragraph, QuoteBlock, Run, Style
from summaries.origins import told_time
from summaries.printed import quoted_words
from summaries.values import ParagraphKind, QuoteKind, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from sqlalchemy.ext.asyncio import AsyncConnection

    from handlers.desk import Desk
    from handlers.request import Request
    from store.feedback import Complaint
    from store.values import FoundQuote, StoredArticle
    from summaries.digests import Telling
    from summaries.message import Block

LONGEST_PARAGRAPH = 1500
"""Characters of a paragraph that are shown whole; of a longer one only the quote's sentence."""
LONGEST_COPY = 256
"""Telegram's limit."""
LONGEST_TOLD = 80
"""Characters of a quote by which an operator knows it again."""
LONGEST_BEGINNING = 40
"""Characters of a quote on a button."""
MOST_ASKED = 10
LANGUAGES = {"en": "English", "de": "German"}
FAULTS = {
    "wrongspeaker": (Fault.WRONG_SPEAKER, "Wrong speaker"),
    "notaquote": (Fault.NOT_A_QUOTE, "Not a quote"),
    "cutwrong": (Fault.CUT_WRONG, "Cut wrong"),
}
NEXT = {
    Fault.WRONG_SPEAKER: "If the name is wrong, it goes everywhere; if it is right, the quote is listed here again.",
    Fault.NOT_A_QUOTE: "If it is no quote, it goes everywhere; if it is one, it is listed here again.",
    Fault.CUT_WRONG: "Where it is cut is not changed by hand, so it stays listed as it is until it is read better.",
}
"""What happens once the operator decides."""
NO_NUMBER_YET = "Quotes get their numbers when they are shown; /quotes shows some."
NO_NUMBER = f"There is no such quote in this chat. {NO_NUMBER_YET}"
TAKEN_BACK = "The operator of this On Record took it back."
READS_OTHERWISE = "The page reads otherwise now; this is what it printed."
NAME_TAKEN_BACK = "The operator of this On Record took back whose it is."
CALLED_WRONG = "This chat called the speaker wrong, so no name is shown here."


async def proof(request: Request) -> Message:
    """Answer ``/q12``: the quote in its paragraph, whose it is and why, and where it stands; of several the first."""
    written = request.args.split()[0] if request.args else ""
    if not written:
        return says(line("Usage: ", code("/q1"), " opens the proof of the quote with that number."), NO_NUMBER_YET)
    desk, number = request.desk, number_in(written)
    async with desk.database.reading() as db:
        found = None if number is None else await desk.quotes.numbered(db, request.chat, number)
        if found is None or found.quote.quote_id is None:
            return says(NO_NUMBER)
        stored = await desk.articles.get(db, request.chat, found.card.article_id)
        said = await desk.feedback.said(db, request.chat, found.quote.quote_id)
        taken = bool(await desk.taken_names.among(db, [found.quote.quote_id]))
        sightings = await desk.same_words.sightings(db, request.chat, [found.quote.quote_id])
        telling = await desk.telling(db, request.chat)
    wrong = Fault.WRONG_SPEAKER in said
    blocks = [
        _heading(found, telling, is_wrong=wrong),
        *_before(found, stored),
        QuoteBlock(tuple(_paragraph_runs(found))),
        Paragraph(_why(found, telling, is_wrong=wrong, is_taken=taken)),
        *_standing(found),
        Paragraph((small(_place(found, stored) + " · "), *origin_line(found.card, telling).runs)),
        *seen_line(found, sightings.get(found.quote.quote_id, ())),
        Paragraph((small(_language(found, telling)),)),
        _actions(found, written, said, telling),
    ]
    return Message(tuple(blocks))


async def which_is_wrong(request: Request) -> Message:
    """Answer ``/wrong <numbers>``, the button under an alert: the proof, where it can be said what is wrong."""
    desk, numbers = request.desk, [one for each in request.args.split() if (one := number_in(each)) is not None]
    if len(numbers) == 1:
        return await proof(request.asking("q", str(numbers[0])))
    async with desk.database.reading() as db:
        found = [(number, await desk.quotes.numbered(db, request.chat, number)) for number in numbers[:MOST_ASKED]]
    offered = [(f"q{number} “{_begins(one.quote.text)}”", f"/q{number}") for number, one in found if one is not None]
    return says("Which of them?", buttons(*offered)) if offered else says(NO_NUMBER)


def _begins(text: str) -> str:
    if len(text) <= LONGEST_BEGINNING:
        return text
    return text[:LONGEST_BEGINNING].rsplit(" ", 1)[0] + " …"


def _heading(found: FoundQuote, telling: Telling, *, is_wrong: bool) -> Heading:
    attribution = found.quote.attributed(telling.bars.asked)
    if attribution is None or is_wrong:
        return Heading((bold("Speaker not named for certain"),))
    kinds = ["in part"] if found.quote.kind is QuoteKind.PARTIAL else []
    if attribution.carried_on:
        kinds.append("carried on")
    elif attribution.confidence < SURE:
        kinds.append("likely")
    return Heading((bold(found.speaker or attribution.name), *((Run(f", {', '.join(kinds)}"),) if kinds else ())))


def _why(found: FoundQuote, telling: Telling, *, is_wrong: bool, is_taken: bool) -> tuple[Run, ...]:
    """Return why a quote is whose it is, or why it is nobody's."""
    if is_wrong:
        return (Run(CALLED_WRONG),)
    if found.quote.attribution is None and is_taken:
        return (Run(NAME_TAKEN_BACK),)
    return reason_runs(found, telling.bars)


def _before(found: FoundQuote, stored: StoredArticle | None) -> list[Block]:
    """Return the paragraph before a quote that is carried on: whoever speaks there speaks here."""
    attribution = found.quote.attribution
    analysis = None if stored is None else stored.analysis
    if attribution is None or not attribution.carried_on or analysis is None:
        return []
    text = analysis.article.text
    starts = [one.span for one in analysis.article.paragraphs if one.span.covers(attribution.mention)]
    # The quote may stand in an older text than the one that is kept.
    if not starts or attribution.mention.of(text) != found.mention or len(starts[0].of(text)) > LONGEST_PARAGRAPH:
        return []
    return [QuoteBlock((Run(starts[0].of(text), verbatim=True),))]


def _paragraph_runs(found: FoundQuote) -> Iterator[Run]:
    """Yield the paragraph with the quote bold; of a long one its sentence."""
    quoted_words(found)
    text, quote = found.paragraph, found.in_paragraph(found.quote.span)
    shown = Span(0, len(text))
    if len(text) > LONGEST_PARAGRAPH:
        sentence = found.in_paragraph(found.sentence)
        shown = Span(min(sentence.start, quote.start), max(sentence.end, quote.end))
    if shown.start:
        yield Run("[…] ")
    if quote.start > shown.start:
        yield Run(text[shown.start : quote.start], verbatim=True)
    yield Run(quote.of(text), Style.BOLD, verbatim=True)
    if shown.end > quote.end:
        yield Run(text[quote.end : shown.end], verbatim=True)
    if shown.end < len(text):
        yield Run(" […]")


def _standing(found: FoundQuote) -> list[Block]:
    told = {QuoteState.REMOVED: READS_OTHERWISE, QuoteState.WITHDRAWN: TAKEN_BACK}
    return [line(told[found.state])] if found.state in told else []


def _place(found: FoundQuote, stored: StoredArticle | None) -> str:
    """Return "Paragraph 4 of 19", the title not counted."""
    kinds = () if stored is None else stored.kinds
    titles = kinds.count(ParagraphKind.TITLE)
    if found.paragraph_index < titles:
        return "In the title"
    return f"Paragraph {found.paragraph_index + 1 - titles} of {len(kinds) - titles}"


def _language(found: FoundQuote, telling: Telling) -> str:
    read = f"Read {told_time(found.card.fetched_at, telling.translator, telling.zone)}"
    name = LANGUAGES.get(found.card.language)
    printed = f"printed in {name}; the page does not say in which language it was spoken" if name else ""
    # When it was handed in says when it was read.
    return " · ".join(part for part in ("" if handed_in(found.card) else read, printed) if part)


def _actions(found: FoundQuote, number: str, said: Collection[Fault], telling: Telling) -> Actions:
    if found.quote.attributed(telling.bars.asked) is None:
        said = {*said, Fault.WRONG_SPEAKER}  # where nobody is named, nobody is named wrongly
    text = found.quote.text
    copy = [Action("Copy", copy=text)] if len(text) <= LONGEST_COPY else []
    wrong = [Action(label, command=f"/{name} {number}") for name, (fault, label) in FAULTS.items() if fault not in said]
    return Actions((*copy, *wrong))


async def called_wrong(request: Request) -> Message:
    """Answer a tap on "Wrong speaker", "Not a quote" or "Cut wrong": kept for this chat, told to the operators."""
    desk, number = request.desk, number_in(request.args)
    fault, _ = FAULTS[request.command.name]
    async with desk.database.writing() as db:
        found = None if number is None else await desk.quotes.numbered(db, request.chat, number)
        if found is None or found.quote.quote_id is None:
            return says(NO_NUMBER)
        is_first = await desk.feedback.say(
            db, request.chat, found.quote.quote_id, fault, person=request.command.user, at=desk.now()
        )
        # What was pasted is for nobody else's eyes, so there is nobody else to decide for.
        is_shared = found.card.owner_channel is None
        decides = is_shared and request.is_operator and request.command.is_private
        if is_first and is_shared:
            who = request.command.user_name or request.command.user
            mine = request.chat if decides else None
            await tell_of_faults(desk, db, request.chat, found, who=who, fault=fault, but=mine)
        waiting = [
            one.feedback_id
            for one in await desk.feedback.open(db)
            if (one.quote_id, one.channel, one.fault) == (found.quote.quote_id, request.chat, fault)
        ]
    desk.queued()
    return _noted(found, fault, f"/q{number}", waiting, decides=decides, is_shared=is_shared)


def _noted(  # noqa: PLR0913 - what was called wrong, and who decides
    found: FoundQuote, fault: Fault, number: str, waiting: Sequence[int], *, decides: bool, is_shared: bool
) -> Message:
    """Return what a complaint does here, what happens next, and the way back while nothing is decided."""
    if not waiting:
        return says(f"The operator has decided about {number} already; it stays as decided.")
    here = f"{number} is not listed in this chat any more" if fault is not Fault.CUT_WRONG else f"{number} is noted"
    undo = ("Undo", f"/unsay {number.removeprefix('/q')} {_command_of(fault)}")
    if decides:
        asked = _choices(found, fault, waiting[0])
        return says(
            f"Thank you. {here}. You are the operator here: for the others nothing is decided yet.",
            buttons(*asked, undo),
        )
    if not is_shared:
        return says(f"Thank you. {here}. Only this chat sees the page.", buttons(undo))
    return says(f"Thank you. {here}; the operator decides for the others.", NEXT[fault], buttons(undo))


def _command_of(fault: Fault) -> str:
    return next(name for name, (one, _) in FAULTS.items() if one is fault)


async def unsay(request: Request) -> Message:
    """Answer ``/unsay <quote's number> <fault's command>``: the one who called it wrong takes that back."""
    desk, (written, _, name) = request.desk, request.args.partition(" ")
    number = number_in(written)
    if number is None or name not in FAULTS:
        return says(NO_NUMBER)
    fault, _ = FAULTS[name]
    async with desk.database.writing() as db:
        found = await desk.quotes.numbered(db, request.chat, number)
        quote_id = None if found is None else found.quote.quote_id
        taken = quote_id is not None and await desk.feedback.unsay(
            db, request.chat, quote_id, fault, person=request.command.user
        )
    if not taken:
        return says("There is nothing to take back: it is decided already, or somebody else said it.")
    return says(f"/q{number} is as it was before." if fault is Fault.CUT_WRONG else f"/q{number} is listed here again.")


async def tell_of_faults(  # noqa: PLR0913 - a complaint: who, where, about what
    desk: Desk,
    db: AsyncConnection,
    chat: str,
    found: FoundQuote,
    *,
    who: str,
    fault: Fault | None = None,
    but: str | None = None,
) -> None:
    """Tell the operators (``but`` in one channel) of a chat's complaints about a quote, or of one kind of them."""
    for one in await desk.feedback.open(db):
        if (one.quote_id, one.channel) == (found.quote.quote_id, chat) and fault in {None, one.fault}:
            message = _charge(found, one.fault, one.feedback_id, who)
            await tell_operators(desk, db, message, key=f"fault:{one.feedback_id}", but=but)


def _charge(found: FoundQuote, fault: Fault, number: int, who: str) -> Message:
    """Return what operators are asked about a complaint."""
    quote = found.quote
    charge = {
        Fault.WRONG_SPEAKER: f"says it is not {_called(found)}",
        Fault.NOT_A_QUOTE: "says it is not a quote",
        Fault.CUT_WRONG: "says it is cut wrong",
    }[fault]
    return Message(
        (
            Paragraph((Run("“"), *_known_again(quote.text), Run("”: "), Run(who, verbatim=True), Run(f" {charge}."))),
            buttons(*_choices(found, fault, number)),
        )
    )


def _choices(found: FoundQuote, fault: Fault, number: int) -> list[tuple[str, str]]:
    """Return what operators can decide about a complaint."""
    yes, no = "They are right", "It is right as it is"
    if fault is Fault.WRONG_SPEAKER:
        yes, no = "Nobody", f"{_called(found)[:60]} is right"
    return [(yes, f"/decide {number} 1"), (no, f"/decide {number} 0")]


def _called(found: FoundQuote) -> str:
    return found.speaker or (found.quote.attribution.name if found.quote.attribution else "anybody")


def _known_again(text: str) -> list[Run]:
    if len(text) <= LONGEST_TOLD:
        return [Run(text, verbatim=True)]
    cut = text.rfind(" ", 0, LONGEST_TOLD)
    return [Run(text[: cut if cut > 0 else LONGEST_TOLD], verbatim=True), Run(" […]")]


async def decide(request: Request) -> Message:
    """Answer an operator's tap under a complaint: it changes the quote for everybody, or nothing."""
    desk = request.desk
    written, _, verdict = request.args.partition(" ")
    number = number_in(written)
    if not request.is_operator:
        return says("Only the operator of this On Record can do that.")
    if number is None or verdict not in {"0", "1"}:
        return says("There is nothing to decide.")
    decision = Decision.RIGHT if verdict == "1" else Decision.WRONG
    async with desk.database.writing() as db:
        complaint = await desk.feedback.decide(db, number, decision, by=request.command.user, at=desk.now())
        if complaint is None:
            return says("That is decided already, or was taken back.")
        said = await _carried_out(desk, db, complaint, decision)
    desk.queued()
    return says(said)


async def _carried_out(desk: Desk, db: AsyncConnection, complaint: Complaint, decision: Decision) -> str:
    if decision is Decision.WRONG:
        return "It stays as it is, and is listed in their chat again."
    if complaint.fault is Fault.CUT_WRONG:
        return "Thank you. Where it is cut is not changed by hand; it is noted."
    edits = await take_back(desk, db, complaint)
    changed = f" {counted(edits, 'message')} sent before {'is' if edits == 1 else 'are'} changed." if edits else ""
    if complaint.fault is Fault.NOT_A_QUOTE:
        return f"It is taken back everywhere.{changed}"
    return f"The name is taken back everywhere; the words stay.{changed}"
