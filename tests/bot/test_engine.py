"""What an operator may choose of the engine."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.engine import AS_SHIPPED, EngineChoice, load_bars, load_engine
from bot.extract import Extracting, extract_lines
from summaries.ranking import NewsWeights


def test_bars_that_were_set_go_before_those_shipped() -> None:
    """One may be set without the other."""
    shipped = load_engine().bars
    assert load_engine(EngineChoice(asked_bar=0.1)).bars == replace(shipped, asked=0.1)
    assert load_engine(EngineChoice(pushed_bar=0.99)).bars == replace(shipped, pushed=0.99)
    for choice in (AS_SHIPPED, EngineChoice(asked_bar=0.1)):
        assert load_bars(choice) == load_engine(choice).bars


def test_without_noncommercial_data_nothing_that_was_chosen_on_them_is_used() -> None:
    """German adds nothing to the weights of speech, and the summary's numbers are round; all else stays."""
    engine, shipped = load_engine(EngineChoice(noncommercial=False)), load_engine()
    german, usual = engine.packs["de"].quotes, shipped.packs["de"].quotes
    assert german is not None
    assert usual is not None
    assert german.speech.added == {} != usual.speech.added
    assert replace(german, speech=usual.speech) == usual
    assert engine.packs["en"] == shipped.packs["en"]
    assert engine.news_weights != NewsWeights() == shipped.news_weights
    assert replace(engine, packs=shipped.packs, news_weights=shipped.news_weights) == shipped


def test_extract_works_with_a_choice() -> None:
    """``extract --commercial`` hands it down."""
    line = json.dumps({"id": 1, "text": "“The dam held,” said Ana Pardo."}).encode()
    answers = [
        json.loads(next(iter(extract_lines([line], Extracting(choice=choice)))))["quotes"][0]["speaker"]
        for choice in (AS_SHIPPED, EngineChoice(noncommercial=False))
    ]
    assert answers == ["Ana Pardo", "Ana Pardo"]
