"""What an operator can do about an address that is private."""

from __future__ import annotations

from sources.errors import PrivateAddressError, SourceError

HINT = "; ONRECORD_ALLOWED_NETWORKS lets a private network be read, ONRECORD_ALLOWED_NAMES a local name"


def reason_of(error: SourceError, *, is_operator: bool) -> str:
    """Return why a page was not read, for an operator with the settings that allow a private address."""
    return error.reason + (HINT if is_operator and isinstance(error, PrivateAddressError) else "")
