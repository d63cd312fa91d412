"""Which addresses may be dialled, and the socket maker that asks at the moment of the dial.

Feeds and links are written by strangers. Whatever they point at, by name, by redirect or by a name server that changes
its mind, we dial public addresses only, unless the operator has allowed a network.
"""

from __future__ import annotations

import socket
import unicodedata
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TYPE_CHECKING

from yarl import URL

from sources.errors import ForbiddenAddressError, PrivateAddressError

if TYPE_CHECKING:
    from aiohappyeyeballs import AddrInfoType

Network = IPv4Network | IPv6Network

# IANA's special-purpose registry (RFC 6890 and successors). Written out, for ``ipaddress.is_global`` changed its mind
# between Python releases (3.11.10, 3.12.4), and we serve 3.11 to 3.14.
_REFUSED_V4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network; Linux dials itself at 0.0.0.0
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; a cloud's metadata at 100.100.100.200
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's metadata at an address that looks public
        "169.254.0.0/16",  # link-local; metadata at 169.254.169.254
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",  # documentation, like the next two
        "198.51.100.0/24",
        "203.0.113.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",  # benchmarks
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")  # all that was ever given out; everything else is refused by leaving it out
_REFUSED_V6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarks
        "2001:db8::/32",  # documentation, like 3fff::/20
        "2002::/16",  # 6to4: holds any IPv4 address
        "3fff::/20",
    )
)
_NAT64 = IPv6Network("64:ff9b::/96")
_MAPPED = IPv6Network("::ffff:0:0/96")
_ISATAP = {0x00005EFE, 0x02005EFE}  # the third quarter of an address that holds an IPv4 address in the fourth
_LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "home.arpa", "lan", "onion")


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Return whether an address belongs to the public internet.

    An IPv4 address inside an IPv6 one is judged itself where a kernel or a NAT64 gateway would dial it; the other
    wrappings (6to4, Teredo, ISATAP) are refused whatever they hold.
    """
    if isinstance(address, IPv4Address):
        return not any(address in block for block in _REFUSED_V4)
    if address in _MAPPED or address in _NAT64:
        return is_public(IPv4Address(int(address) & 0xFFFFFFFF))
    if int(address) >> 32 & 0xFFFFFFFF in _ISATAP:
        return False
    return address in _GLOBAL_V6 and not any(address in block for block in _REFUSED_V6)


class ForbiddenDialError(OSError):
    """A socket to a private address was asked for.

    An OSError, so that a client that tries a name's addresses in turn goes on to the next. The text is always the
    same: where all of them are private, aiohappyeyeballs hands on the first instead of a mixture.
    """

    def __init__(self) -> None:
        super().__init__("the address is private")


@dataclass(frozen=True, slots=True)
class Guard:
    """What may be dialled.

    Attributes:
        networks: Private networks the operator has allowed.
        names: Host names, lower case, that may be looked up although they are local names (``news.local``). Their
            addresses must be public or in ``networks`` all the same.
    """

    networks: tuple[Network, ...] = ()
    names: frozenset[str] = frozenset()

    def allows(self, address: str) -> bool:
        """Return whether ``address``, as the socket would get it, may be dialled."""
        try:
            found = ip_address(address.partition("%")[0])
        except ValueError:
            return False
        if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
            found = found.ipv4_mapped
        return is_public(found) or any(found in network for network in self.networks)

    def check_url(self, url: str) -> None:
        """Refuse what need not be looked up: other schemes, local names, private addresses in any spelling.

        Raises:
            ForbiddenAddressError: with the reason.
        """
        try:
            # The client's own reader of addresses, so that both see the same host in a crooked one.
            parts = URL(url)
            host = (parts.host or "").rstrip(".").casefold()
        except ValueError:
            raise ForbiddenAddressError(url, "not an address") from None
        if parts.scheme not in {"http", "https"}:
            raise ForbiddenAddressError(url, "only http and https are read")
        if not host or ("%" in host and ":" not in host):
            # A proxy may decode what we would not.
            raise ForbiddenAddressError(url, "an address without a host")
        if host not in self.names and any(host == name or host.endswith(f".{name}") for name in _LOCAL_NAMES):
            raise PrivateAddressError(url, "the name is a private one")
        address = spelled_address(host)
        if address is not None and not self.allows(address):
            raise PrivateAddressError(url, "the address is private")

    def socket_for(self, info: AddrInfoType) -> socket.socket:
        """Return a socket for an address about to be dialled; what aiohttp's connector takes as ``socket_factory``.

        Raises:
            ForbiddenDialError: if the address is not allowed. No socket was made.
        """
        family, kind, protocol, _, address = info
        if not self.allows(str(address[0])):
            raise ForbiddenDialError
        return socket.socket(family, kind, protocol)


def spelled_address(host: str) -> str | None:
    """Return the address that a host spells, or None where it is a name.

    Reads what the C library reads: 127.1, 2130706433, 0x7f.0.0.1, 0177.0.0.1, and full-width digits, which
    international names are folded to.
    """
    bare = host.strip("[]").partition("%")[0]
    folded = unicodedata.normalize("NFKC", bare).replace("。", ".")
    if ":" in folded:
        try:
            return str(ip_address(folded))
        except ValueError:
            return None
    try:
        return socket.inet_ntoa(socket.inet_aton(folded)) if folded.isascii() and folded.split() == [folded] else None
    except OSError:
        return None


def parse_networks(texts: tuple[str, ...]) -> tuple[Network, ...]:
    """Return networks out of texts such as ``10.1.2.0/24``.

    Raises:
        ValueError: if one is not a network.
    """
    return tuple(ip_network(text) for text in texts)
