"""Addresses made comparable: trackers off, twins folded. Pure; nothing is looked up."""

from __future__ import annotations

from urllib.parse import SplitResult, urljoin, urlsplit, urlunsplit

MAX_LENGTH = 2_000
"""Characters. Browsers and sites agree on about that; what is longer is an attack or a data: address."""

# Parameters that say where a reader came from and never which article: the publishers' and the platforms' own pages
# document them. Names are matched whole, or by prefix where a family shares one.
_TRACKERS = frozenset(
    [
        "fbclid",
        "gclid",
        "dclid",
        "gclsrc",
        "wbraid",
        "gbraid",
        "msclkid",
        "twclid",
        "igshid",
        "igsh",
        "yclid",
        "mc_cid",
        "mc_eid",
        "_ga",
        "_gl",
        "vero_id",
        "vero_conv",
        "mkt_tok",
        "oly_anon_id",
        "oly_enc_id",
        "ref_src",
        "ref_url",
        "cmpid",
        "icid",
        "ito",
        "xtor",
        "smid",
        "smtyp",
        "partner",
        "campaign_id",
        "emc",
        "ftag",
        "guccounter",
        "guce_referrer",
        "guce_referrer_sig",
        "soc_src",
        "soc_trk",
        "sref",
        "srnd",
        "ncid",
        "taid",
        "wt_mc",
        "wtrid",
        "s_cid",
        "spm",
        "cmp",
        "ocid",
        "feature_id",
        "__twitter_impression",
    ]
)
_TRACKER_FAMILIES = ("utm_", "at_", "ns_", "pk_", "mtm_", "hsa_", "_hs", "stm_", "itm_")
_PLACE = "#entry-"
_DEFAULT_PORTS = {"http": 80, "https": 443}


def clean_address(url: str, *, base: str | None = None) -> str | None:
    """Return an address that can be fetched and shown: absolute, without trackers and fragment.

    Args:
        url: As printed; may be relative, with blanks around it or line breaks in it.
        base: What relative addresses are relative to.

    Returns:
        None where it is no http(s) address.
    """
    # Line breaks, zero widths and half characters get into links by copying; no server means them.
    text = "".join(letter for letter in url.strip()[: 2 * MAX_LENGTH] if letter.isprintable())
    try:
        if base is not None:
            text = urljoin(base, text)
        parts = urlsplit(text)
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in _DEFAULT_PORTS or not host or len(text) > MAX_LENGTH:
        return None
    shown_host = f"[{host}]" if ":" in host else host
    authority = shown_host if port in {None, _DEFAULT_PORTS[scheme]} else f"{shown_host}:{port}"
    if "@" in parts.netloc:
        # A private feed's name and password belong to its address; an article's link never has one.
        authority = f"{parts.netloc.rpartition('@')[0]}@{authority}"
    path = (parts.path or "/").replace(" ", "%20")
    return urlunsplit(SplitResult(scheme, authority, path, _without_trackers(parts.query), ""))


def address_key(url: str) -> str | None:
    """Return what an address and its twins share: http or https, with or without ``www.`` and a slash at the end.

    Made to compare, not to be dialled: a site may serve only one of the twins.
    """
    clean = clean_address(url)
    if clean is None:
        return None
    parts = urlsplit(clean)
    host = parts.netloc.rpartition("@")[2].removeprefix("www.")
    return f"{host}{parts.path.rstrip('/')}{'?' + parts.query if parts.query else ''}"


def known_by(written: str) -> tuple[str, ...]:
    """Return what a page is known by whose address is typed, with or without its scheme; empty where it is none.

    Made to compare, as the key that is among it.
    """
    schemes = [""] if "://" in written else ["https://", "http://"]
    if "://" not in written and "@" in written.partition("/")[0]:
        return ()  # an e-mail address: it would be read as a name and a password before a host
    clean = [each for scheme in schemes if (each := clean_address(scheme + written.strip())) is not None]
    return tuple(dict.fromkeys([*clean, *(key for each in clean if (key := address_key(each)) is not None)]))


def with_place(url: str, place: str) -> str:
    """Return the address of a page with what tells one of several texts on it from the others; it opens the page."""
    return f"{url}{_PLACE}{place}"


def has_place(url: str) -> bool:
    """Return whether an address is of one of several texts on a page, so that its twins are not its own."""
    return _PLACE in url


def without_password(url: str) -> str:
    """Return ``url`` without user name and password, whatever else is wrong with it: what may be shown."""
    try:
        authority = urlsplit(url).netloc
    except ValueError:
        authority = ""
    if "@" in authority and authority in url:
        return url.replace(authority, authority.rpartition("@")[2], 1)
    # Broken brackets, or line breaks that are read over: the part up to the last @ may hold a password.
    return url if authority and "@" not in authority else url.rpartition("@")[2]


def host_of(url: str) -> str:
    """Return the host of an address, lower case; empty where it has none."""
    try:
        return (urlsplit(url).hostname or "").rstrip(".")
    except ValueError:
        return ""


def _without_trackers(query: str) -> str:
    kept = (part for part in query.split("&") if part and not _is_tracker(part.partition("=")[0].lower()))
    return "&".join(kept).replace(" ", "%20")


def _is_tracker(name: str) -> bool:
    return name in _TRACKERS or name.startswith(_TRACKER_FAMILIES)
