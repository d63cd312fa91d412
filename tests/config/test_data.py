"""Language data, weights and samples come out of the package as plain mappings."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

from config import data

ROOT = Path(__file__).parents[2]


def test_every_language_has_its_files() -> None:
    """A language is a folder; its files are found by their stems, TOML and JSON alike."""
    assert {"de", "en"} <= set(data.languages())
    english = data.language_data("en")
    assert {"text", "pages", "quotes", "first_names"} <= set(english)
    assert list(data.language_data("en", "text")) == ["text"]


def test_weights_are_found_by_the_stem_of_their_file() -> None:
    """What was learned is shipped with the package."""
    assert {"lines", "speech", "attribution"} <= set(data.weights())


def test_samples_are_pages_as_files() -> None:
    """At least six sample pages, each with its name."""
    samples = data.samples()
    assert len(samples) >= 6
    assert all(text.strip() for text in samples.values())
    assert {name.rpartition(".")[2] for name in samples} == {"html", "txt"}


def test_a_wheel_holds_the_data(tmp_path: Path) -> None:
    """What is installed from a wheel is as complete as a checkout: all data files are in it."""
    build = "import sys, uv_build; print(uv_build.build_wheel(sys.argv[1]))"
    # The backend is a program beside Python's.
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    made = subprocess.run(
        [sys.executable, "-c", build, str(tmp_path)],
        cwd=ROOT,
        env={**os.environ, "PATH": path},
        check=True,
        capture_output=True,
        text=True,
    )
    name = made.stdout.strip().splitlines()[-1]
    inside = set(zipfile.ZipFile(tmp_path / name).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for folder in ("languages", "weights", "samples")
        for path in (ROOT / "config" / folder).rglob("*.*")
    }
    assert wanted - inside == set()
