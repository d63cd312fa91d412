"""Tests read as sentences: the name is the behaviour, the docstring the rule."""
