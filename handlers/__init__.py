"""Platform-neutral answers: a command in, a message out."""
