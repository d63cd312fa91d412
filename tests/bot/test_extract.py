"""`onrecord extract`: one JSON object a line, in order, whatever a line holds."""

from __future__ import annotations

import json
import multiprocessing
from io import BytesIO
from typing import Any

import pytest

from bot.extract import Extracting, extract_lines
from bot.json_lines import LONGEST_LINE, lines_of

TEXT = "The dam is safe.\n\n“The cracks are thin,” Water Minister Ottoline Feher told reporters in Stellarn on Monday."


ASKED = Extracting()


def extracted(*lines: object, how: Extracting = ASKED, workers: int = 1) -> list[dict[str, Any]]:
    """Return what comes out for objects, or for bytes as they are."""
    given = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in lines]
    return [json.loads(line) for line in extract_lines(given, how, workers=workers)]


def test_a_text_comes_out_with_its_offsets() -> None:
    """Every field, and every offset into exactly the given string."""
    (found,) = extracted({"id": 7, "text": TEXT})
    assert list(found) == [
        *("id", "language", "title", "byline", "published_at", "text", "body_start", "sentences", "summary", "quotes"),
        "error",
    ]
    assert (found["id"], found["text"], found["body_start"], found["error"]) == (7, TEXT, 0, None)
    assert [TEXT[one["start"] : one["end"]] for one in found["sentences"]] == TEXT.split("\n\n")
    assert all(TEXT[one["start"] : one["end"]] == one["text"] for one in found["summary"])
    (quote,) = found["quotes"]
    assert list(quote) == [
        *("quote", "start", "end", "kind", "group", "speaker", "speaker_mention", "cue", "rule", "confidence"),
    ]
    assert TEXT[quote["start"] : quote["end"]] == quote["quote"] == "The cracks are thin"
    assert (quote["speaker"], quote["cue"], quote["kind"]) == ("Ottoline Feher", "told", "direct")


def test_a_title_is_found_where_the_text_starts_with_it() -> None:
    """Then the body starts behind it."""
    (found,) = extracted({"id": "a", "text": f"The dam\n\n{TEXT}", "title": "The dam"})
    assert (found["title"], found["body_start"]) == ("The dam", 9)


def test_pages_and_html_start_with_their_title() -> None:
    """So that quotes in headlines have offsets too."""
    paragraphs = [
        "The dam in the valley is safe, the water ministry said on Monday, after divers had looked at it."
    ] * 3
    page = "Kessel dam is safe after all\n\nBy Ana Pardo\n\n" + "\n\n".join(paragraphs)
    html = "<h1>Kessel dam is safe after all</h1>" + "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    html = (
        f"<html><head><title>Kessel dam is safe after all</title></head><body><article>{html}</article></body></html>"
    )
    for found in extracted({"id": 1, "page": page}, {"id": 2, "html": html}):
        assert found["error"] is None
        assert found["text"].startswith("Kessel dam is safe after all\n\nThe dam in the valley")
        assert found["body_start"] == 30


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{", "line 2: not JSON"),
        (b"[" * 200_000, "line 2: not JSON"),
        (b"\xff\xfe", "line 2: not UTF-8"),
        (b"[]", "line 2: not a JSON object"),
        (b'{"id": NaN, "text": "x"}', "line 2: not JSON"),
        (b'{"id": 1, "text": "x", "more": [-Infinity]}', "line 2: not JSON"),
        (b'{"id": 1e999, "text": "x"}', "line 2: not JSON"),
        ({"text": "x"}, 'line 2: an object with "id"'),
        ({"id": None, "text": "x"}, 'line 2: an object with "id"'),
        ({"id": [1], "text": "x"}, 'line 2: an object with "id"'),
        ({"id": 1, "text": ""}, '"text" is empty'),
        ({"id": 1, "page": " \n"}, '"page" is empty'),
        ({"id": 1, "text": "x", "language": "english"}, "\"language\" is not a code as in ISO 639-1: 'english'"),
        ({"id": 1, "text": "x", "language": ""}, '"language" is not a code'),
        ({"id": 1}, 'an object with "id"'),
        ({"id": 1, "text": "x", "page": "y"}, 'an object with "id"'),
        ({"id": 1, "text": 5}, '"text" is not a string'),
        ({"id": 1, "text": "x", "title": []}, '"title" is not a string'),
        ({"id": 1, "page": "Home\nNews"}, "No article"),
    ],
)
def test_a_bad_line_gets_an_error_and_the_run_goes_on(line: object, error: str) -> None:
    """One line in, one line out, with the same fields."""
    good = {"id": "good", "text": TEXT}
    before, bad, after = extracted(good, line, b"\n", good)
    assert before == after
    assert bad["error"].startswith(error)
    assert set(bad) == set(before)
    assert (bad["text"], bad["quotes"], bad["sentences"]) == (None, [], [])


@pytest.mark.parametrize(("bar", "named"), [(0.0, True), ("asked", True), ("pushed", True), (1.0, False)])
def test_below_the_bar_nobody_is_named(bar: float | str, named: bool) -> None:  # noqa: FBT001 - a table's column
    """The printed words and the confidence stay: they are facts, the name is a judgement."""
    (found,) = extracted({"id": 1, "text": TEXT}, how=Extracting(bar))
    (quote,) = found["quotes"]
    assert (quote["speaker"] is not None) is named
    assert quote["speaker_mention"]


@pytest.mark.parametrize(
    ("given", "read"), [("en", "en"), ("EN", "en"), ("en-GB", "en"), ("de_AT", "de"), ("und", "en"), (None, "en")]
)
def test_a_language_that_is_given_is_taken_as_its_code(given: str | None, read: str) -> None:
    """A region changes no word that we know; "und" and null leave it to the text."""
    (found,) = extracted({"id": 1, "text": TEXT, "language": given})
    assert (found["language"], len(found["quotes"])) == (read, 1)


def test_of_an_endless_line_no_more_is_kept_than_is_looked_at() -> None:
    """A device has no line end, and the line behind one that is too long is read as ever."""
    rest = b'{"id": 2, "text": "It rains."}\n'
    file = BytesIO(b"x" * (3 * LONGEST_LINE + 5) + b"\n" + rest)
    first, second = lines_of(file)
    assert (len(first), second) == (LONGEST_LINE + 1, rest)
    assert [len(line) for line in lines_of(BytesIO(b"x" * (LONGEST_LINE + 1)))] == [LONGEST_LINE + 1]


def test_a_worker_that_is_ended_ends_the_run_with_a_reason() -> None:
    """A system without memory ends processes; an answer must not go missing for that without a word."""
    answers = extract_lines((json.dumps({"id": 1, "text": TEXT}).encode() for _ in range(10_000)), ASKED, workers=2)
    next(answers)
    multiprocessing.active_children()[0].kill()
    with pytest.raises(ChildProcessError, match="fewer workers"):
        list(answers)


def test_lone_surrogates_go_through() -> None:
    """JSON can escape what UTF-8 cannot hold."""
    (found,) = extracted(b'{"id": 1, "text": "The dam \\ud800 is safe."}')
    assert found["text"] == "The dam \ud800 is safe."


def test_many_workers_keep_the_order_and_change_nothing() -> None:
    """What comes out does not depend on how many work."""
    lines = [{"id": n, "text": TEXT.replace("dam", f"dam {n}")} for n in range(70)] + [b"nonsense"]
    assert extracted(*lines, workers=2) == extracted(*lines)


def test_no_more_is_read_than_is_needed_next() -> None:
    """Memory stays flat however many lines come: answers go out while lines come in."""
    read = 0

    def endless() -> Any:  # noqa: ANN401 - an iterator of bytes
        nonlocal read
        while True:
            read += 1
            yield json.dumps({"id": read, "text": TEXT}).encode()

    for workers in (1, 2):
        read = 0
        answers = extract_lines(endless(), Extracting(), workers=workers)
        assert [json.loads(next(answers))["id"] for _ in range(3)] == [1, 2, 3]
        answers.close()  # type: ignore[attr-defined]
        assert read <= 1 + 2 * 16 * 12
