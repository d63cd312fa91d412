"""The core, by its behaviour."""
