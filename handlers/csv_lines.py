"""Lines of a table (CSV as in RFC 4180), with nothing in them that a spreadsheet would calculate; pure."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Spreadsheets calculate what begins so (a tab and a line end are skipped before it; the wide forms count where people
# write Japanese or Chinese), and a page may print it; an apostrophe in front makes it text.
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


def csv_line(cells: Iterable[object]) -> str:
    """Return cells as a line, its end included; what is None is empty, and a list is one cell of several lines."""
    text = StringIO()
    csv.writer(text).writerow([_cell(each) for each in cells])
    return text.getvalue()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        value = "\n".join(str(each) for each in value)
    # Numbers are ours, and a minus in front of one is no formula.
    return f"'{value}" if isinstance(value, str) and _FORMULA.match(value) else str(value)
