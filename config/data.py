"""Language data, weights and samples as plain mappings, read out of the package wherever it is installed.

Nothing is cached here: whoever reads it keeps what was made of it (``bot/engine.py``).
"""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that have data ("de", "en"), in alphabetical order."""
    return tuple(sorted(folder.name for folder in _root("languages").iterdir() if folder.is_dir()))


def language_data(code: str, *stems: str) -> dict[str, object]:
    """Return what the files of one language hold, by the stem of their names ("text", "quotes").

    Args:
        code: One of ``languages()``.
        stems: Only these files; all of them where none is named.
    """
    return _folder(_root("languages").joinpath(code), stems)


def weights(*stems: str) -> dict[str, object]:
    """Return what the files of learned weights hold, by the stem of their names ("lines", "speech").

    Args:
        stems: Only these files; all of them where none is named.
    """
    return _folder(_root("weights"), stems)


def samples() -> dict[str, str]:
    """Return the sample pages by file name: HTML (".html") and text as copied from a browser (".txt")."""
    files = sorted(_root("samples").iterdir(), key=lambda file: file.name)
    return {file.name: file.read_text(encoding="utf-8") for file in files}


def starters() -> bytes:
    """Return the starter sources: a list of feeds as OPML."""
    return resources.files("config").joinpath("starter.opml").read_bytes()


def _root(folder: str) -> Traversable:
    return resources.files("config").joinpath(folder)


def _folder(folder: Traversable, stems: tuple[str, ...]) -> dict[str, object]:
    found: dict[str, object] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        stem, _, kind = file.name.rpartition(".")
        if stems and stem not in stems:
            continue
        if kind == "toml":
            found[stem] = tomllib.loads(file.read_text(encoding="utf-8"))
        elif kind == "json":
            found[stem] = json.loads(file.read_text(encoding="utf-8"))
    return found
