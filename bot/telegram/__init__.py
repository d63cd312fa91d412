"""Telegram: what is shown there, how it is sent, what comes in."""
