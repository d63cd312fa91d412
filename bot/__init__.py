"""The edge: platforms, delivery, the clock, the command line, and the one place that knows every part."""
