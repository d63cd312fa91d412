"""Servers on loopback that are as strict as the platforms; real clients speak to them in tests."""
