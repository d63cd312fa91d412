"""Errors of the store.

* StoreError                what is kept could not be read or written
  - DatabaseAddressError    the address names a database we do not run on
  - MigrationError          the tables could not be brought up to date
    · NewerDatabaseError    the tables were made by a newer On Record
    · OlderDatabaseError    the tables were made by an older On Record, and are not to be changed now
    · NoTablesError         there are no tables yet
  - ChangeRefusedError      speakers cannot be merged, renamed or parted so; the text says what to do
  - BackupError             a backup could not be made or put back
  - NotVerbatimError        a quote or sentence is not, character for character, in its source
  - UnstorableTextError     a text holds what a database cannot
"""

from __future__ import annotations


class StoreError(Exception):
    """What is kept could not be read or written."""


class DatabaseAddressError(StoreError):
    """The address names a database we do not run on.

    Attributes:
        scheme: The part before "://"; the rest may hold a password and is left out.
    """

    def __init__(self, scheme: str) -> None:
        super().__init__(f"database address starts with {scheme!r}: use sqlite:///FILE or postgresql://…")
        self.scheme = scheme


class MigrationError(StoreError):
    """The tables could not be brought up to date; nothing was changed."""


class NewerDatabaseError(MigrationError):
    """The tables were made by a newer On Record.

    Attributes:
        revision: The tables' revision, unknown here.
    """

    def __init__(self, revision: str) -> None:
        super().__init__(f"the database is at revision {revision}, made by a newer On Record: start that one")
        self.revision = revision


class OlderDatabaseError(MigrationError):
    """The tables were made by an older On Record, and are not to be changed now.

    Attributes:
        revision: The tables' revision.
    """

    def __init__(self, revision: str, newest: str) -> None:
        super().__init__(
            f"the database is at revision {revision}, this On Record needs {newest}: stop the bot and say onrecord migrate"
        )
        self.revision = revision


class NoTablesError(MigrationError):
    """There are no tables yet."""

    def __init__(self) -> None:
        super().__init__(
            "there is no database yet: “onrecord sources add” and “onrecord add” make it, and “onrecord run” once a token is set"
        )


class ChangeRefusedError(StoreError):
    """Speakers cannot be merged, renamed or parted so; nothing was changed, and the text says what to do."""


class BackupError(StoreError):
    """A backup could not be made or put back; what was there before is there."""


class NotVerbatimError(StoreError):
    """A quote or sentence is not, character for character, in its source; it is neither stored nor shown.

    Attributes:
        what: Which one.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"not verbatim: {what}")
        self.what = what


class UnstorableTextError(StoreError):
    """A text holds what a database cannot: the cleaner let it through.

    Attributes:
        what: The offending character, in words.
    """

    def __init__(self, what: str) -> None:
        super().__init__(f"the text holds {what}")
        self.what = what
