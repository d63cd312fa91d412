"""What may be dialled: public addresses, however the others are spelt."""

from __future__ import annotations

import socket
from ipaddress import ip_address, ip_network

import pytest

from sources.errors import ForbiddenAddressError
from sources.guard import ForbiddenDialError, Guard, is_public, parse_networks, spelled_address

# ruff: noqa: S104 - the all-interfaces address stands in a list of what is refused
PRIVATE = [
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.8",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.251",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:7f00:1",
    "::ffff:0:127.0.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:0:7f00:1::1",
    "2001:10::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:c0a8:101::1",
    "3fff::1",
    "5f00::1",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::5efe:7f00:1",
    "fec0::1",
    "ff02::1",
    "2600::5efe:7f00:1",
]
PUBLIC = [
    "8.8.8.8",
    "1.1.1.1",
    "93.184.215.14",
    "172.32.0.1",
    "100.128.0.1",
    "2606:4700::1111",
    "2a00:1450:4001::1",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]
SPELT = [
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.1",
    "0x7F.0.0.0x1",
    "0177.0.0.1",
    "0177.1",
    "017700000001",
    "00000177.0.0.1",
    "0",
    "0x0",
    "3232235777",
    "0xc0a80101",
    "0300.0250.1.1",
    "192.168.257",
    "10.1",
    "0xa.1",
    "012.0.0.1",
    "2852039166",
    "0xA9FEA9FE",
    "169.254.43518",
    "127.0.0.1.",
    "127。0。0。1",
    "１２７.0.0.1",
    "①②⑦.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "4294967295",
]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    """Private, shared, local, reserved and documentation addresses, in both families, and those that wrap them."""
    assert not is_public(ip_address(address))
    assert not Guard().allows(address)


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_dialled(address: str) -> None:
    """Wrapped addresses that a kernel or a NAT64 gateway would dial are judged by what they hold."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize("host", SPELT)
def test_every_spelling_of_a_private_address_is_refused(host: str) -> None:
    """Decimal, hex, octal, short, full-width: what the C library would read, we read."""
    with pytest.raises(ForbiddenAddressError):
        Guard().check_url(f"http://{host}/feed")


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/feed",
        "file:///etc/passwd",
        "gopher://example.org",
        "javascript:alert(1)",
        "data:text/xml,<rss/>",
        "//example.org",
        "example.org",
        "",
        "http://",
        "http:///feed",
        "http://[::1/",
        "http://example.org:99999/",
        "http://localhost/",
        "http://LOCALHOST:8080/",
        "http://a.localhost./",
        "http://printer.local/",
        "http://metadata.google.internal/",
        "http://router.lan/",
        "http://[::ffff:127.0.0.1]/",
        "http://[0:0:0:0:0:0:0:1]/",
        "http://[fe80::1%25eth0]/",
        "http://user:secret@127.0.0.1/",
        "http://%31%32%37.0.0.1/",
    ],
)
def test_what_need_not_be_looked_up_is_refused(url: str) -> None:
    """Other schemes, broken addresses, local names and private addresses never reach a name server."""
    with pytest.raises(ForbiddenAddressError) as caught:
        Guard().check_url(url)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "url", ["http://example.org/", "https://bücher.example/", "http://8.8.8.8:8080/x", "http://1.example"]
)
def test_public_addresses_pass(url: str) -> None:
    """Nothing is looked up here: a name may still turn out to be private at the dial."""
    Guard().check_url(url)


def test_the_operator_may_allow_a_network_and_a_name() -> None:
    """An allow-list opens what it names and nothing beside it."""
    guard = Guard(networks=parse_networks(("10.1.2.0/24",)), names=frozenset({"news.local"}))
    guard.check_url("http://10.1.2.3/feed")
    guard.check_url("http://news.local/feed")
    assert guard.allows("::ffff:10.1.2.3")
    assert not guard.allows("10.1.3.1")
    with pytest.raises(ForbiddenAddressError):
        guard.check_url("http://other.local/")


def test_the_socket_maker_refuses_before_there_is_a_socket() -> None:
    """What the connector is about to dial is what is asked."""
    info = (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 80))
    with pytest.raises(ForbiddenDialError):
        Guard().socket_for(info)
    Guard(networks=(ip_network("127.0.0.0/8"),)).socket_for(info).close()
    assert not Guard().allows("not an address")


@pytest.mark.parametrize(
    ("host", "address"), [("example.org", None), ("::1", "::1"), ("::g", None), ("1 2", None), ("127.1", "127.0.0.1")]
)
def test_spelt_addresses_are_told_from_names(host: str, address: str | None) -> None:
    """A name is None."""
    assert spelled_address(host) == address
