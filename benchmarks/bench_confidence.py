"""Is the confidence what it says? ``python -m benchmarks.bench_confidence DATA [--picture]`` on the dev articles.

Prints, for each tenth of confidence, how many speakers were named with it and how many of them were right; with
``--picture`` it draws docs/reliability.svg.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

from benchmarks.marked import ROOT, WEIGHTS, Judged, Reader
from benchmarks.train_attribution import answer_of, choices_of, judged, predicted
from summaries.attribution import parse_attribution_weights

SIDE, EDGE = 400, 50
"""Of the picture, in pixels: the square, and the room around it."""
LARGEST = 16
"""Radius of the point that stands for the most speakers."""


def bins(found: Judged, count: int = 10) -> list[tuple[float, float, int]]:
    """Return (mean confidence, share right, speakers) for each part of the scale that holds any."""
    rows = []
    for part in range(count):
        held = [n for n, sure in enumerate(found.sure) if min(int(sure * count), count - 1) == part]
        if held:
            mean = sum(found.sure[n] for n in held) / len(held)
            rows.append((mean, sum(found.right[n] for n in held) / len(held), len(held)))
    return rows


def draw(rows: list[tuple[float, float, int]]) -> ET.ElementTree[ET.Element]:
    """Return the reliability diagram: a point on the diagonal says what it means; its size, for how many."""
    size = str(SIDE + 2 * EDGE)
    svg = ET.Element("svg", xmlns="http://www.w3.org/2000/svg", viewBox=f"0 0 {size} {size}", role="img")
    ET.SubElement(svg, "title").text = "Confidence of a speaker, and how often it is right"
    ET.SubElement(svg, "rect", width=size, height=size, fill="white")

    def line(x1: float, y1: float, x2: float, y2: float, colour: str) -> None:
        ends = {"x1": x1, "y1": SIDE - y1, "x2": x2, "y2": SIDE - y2}
        ET.SubElement(svg, "line", {k: f"{v + EDGE:.0f}" for k, v in ends.items()}, stroke=colour)

    def label(x: float, y: float, text: str, anchor: str = "middle") -> None:
        at = {"x": f"{x + EDGE:.0f}", "y": f"{SIDE - y + EDGE:.0f}", "text-anchor": anchor}
        style = {"font-size": "12", "font-family": "sans-serif", "fill": "#333"}
        ET.SubElement(svg, "text", {**at, **style}).text = text

    line(0, 0, SIDE, 0, "#333")
    line(0, 0, 0, SIDE, "#333")
    line(0, 0, SIDE, SIDE, "#bbb")
    for tenth in range(0, 11, 2):
        label(tenth * SIDE / 10, -18, f"{tenth / 10:.1f}")
        label(-8, tenth * SIDE / 10 - 4, f"{tenth / 10:.1f}", "end")
    label(SIDE / 2, -38, "confidence (above the axis: how many speakers)")
    label(0, SIDE + 14, "share right", "start")
    most = max(count for _, _, count in rows)
    for mean, right, count in rows:
        radius = max(2.0, LARGEST * (count / most) ** 0.5)
        at = {"cx": f"{mean * SIDE + EDGE:.0f}", "cy": f"{SIDE - right * SIDE + EDGE:.0f}", "r": f"{radius:.1f}"}
        ET.SubElement(svg, "circle", at, fill="#1f5fa8")
        label(mean * SIDE, right * SIDE + radius + 5, str(count))
    return ET.ElementTree(svg)


def main() -> int:
    """Measure and print; draw if asked."""
    cli = argparse.ArgumentParser(description=__doc__)
    cli.add_argument("data", type=Path)
    cli.add_argument("--picture", action="store_true")
    asked = cli.parse_args()
    path = asked.data / "data" / "quotes" / "polnear" / "dev.jsonl"
    if not path.exists():
        print(f"no marked articles: {path}")
        return 0
    reader = Reader(asked.data)
    file = json.loads((WEIGHTS / "attribution.json").read_text("utf-8"))
    weights = parse_attribution_weights(file)
    pages = reader.pages(path)
    made = [predicted(page, answer_of(page, choices_of(page, weights), weights.hearing), weights) for page in pages]
    found = judged(reader.score, pages, made)
    rows = bins(found)
    print("confidence  right  speakers")
    for mean, right, count in rows:
        print(f"{mean:10.2f} {right:6.2f} {count:9d}")
    for name, bar in file["bars"].items():
        precision, share = found.at(bar)
        print(f"{name}: bar {bar}, named_precision {precision:.3f}, named_share {share:.3f}")
    if asked.picture:
        draw(rows).write(ROOT / "docs" / "reliability.svg", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
