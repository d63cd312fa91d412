"""What can be done about an address that is private, or that has no https."""

from __future__ import annotations

from sources.addresses import host_of, without_password
from sources.errors import PrivateAddressError, RefusedError, SourceError, UnsafeError

HINT = "; ONRECORD_ALLOWED_NETWORKS lets a private network be read, ONRECORD_ALLOWED_NAMES a local name"


def reason_of(error: SourceError, *, is_operator: bool, typed: str | None = None) -> str:
    """Return why an address was not read, and what whoever asked can do about it.

    Args:
        error: What was in the way.
        is_operator: Who may allow a private address by the settings.
        typed: The address as it was typed; one without a scheme was asked for by https only.
    """
    if is_operator and isinstance(error, PrivateAddressError):
        return error.reason + HINT
    if typed is not None and "://" not in typed and isinstance(error, (RefusedError, UnsafeError)):
        plain = f"http://{typed.strip()}"
        # Where https sent us on to another site, that one is in the way.
        if error.url.startswith("https://") and host_of(error.url) == host_of(plain):
            return f"{error.reason}; if it has no https, type “{without_password(plain)}”"
    return error.reason
