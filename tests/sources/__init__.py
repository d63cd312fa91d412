"""Tests of the sources: real sockets on loopback, real parsers; nothing outside is dialled."""
