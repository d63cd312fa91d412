"""Commands that work on what is kept: each a module that returns an exit code."""
