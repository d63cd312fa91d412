"""The edge, by its behaviour."""
