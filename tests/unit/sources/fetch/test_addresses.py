from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.fetch.addresses import Refusal, checked, parse_endpoint, refusal
from tessera.sources.fetch.urls import UrlError, parts_of


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255",
        "192.168.1.1", "169.254.169.254", "100.64.0.1", "192.0.0.1", "198.18.0.1", "224.0.0.1",
        "240.0.0.1", "255.255.255.255", "192.88.99.1", "::", "::1", "::ffff:127.0.0.1",
        "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::808:808",
        "64:ff9b:1::a00:1", "2002:7f00:1::", "2002:808:808::", "2001:0:4136:e378::1",
        "fe80::1", "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "2001:db8::1", "100::1",
        "2a00::5efe:10.0.0.1", "4000::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused(address: str) -> None:
    assert refusal(ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "147.67.34.45", "2a01:7080:14:100::666:45"])
def test_what_is_public_is_asked(address: str) -> None:
    assert refusal(ip_address(address)) == ""


@given(st.integers(0, 2**32 - 1))
def test_no_address_gets_in_by_way_of_ipv6(number: int) -> None:
    for prefix in (0xFFFF << 32, 0x64FF9B << 96, 0):
        assert refusal(ip_address(prefix + number if prefix + number >= 2**32 else number)) or (
            prefix == 0 and ip_address(number).is_global
        )
    assert refusal(ip_address((0x2002 << 112) | (number << 80)))
    assert refusal(ip_address((0x20010000 << 96) | number))


@pytest.mark.parametrize(
    "host",
    [
        "localhost", "LOCALHOST", "localhost.", "a.localhost", "printer.local", "db.internal",
        "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "127.1", "017700000001",
        "[::1]", "::ffff:127.0.0.1", "[64:ff9b::7f00:1]", "127.0.0.1", "169.254.169.254", "",
    ],
)  # fmt: skip
def test_hosts_of_this_network_are_refused_in_every_spelling(host: str) -> None:
    with pytest.raises(Refusal):
        checked(host, 80)


def test_an_allowed_endpoint_is_that_address_and_that_port() -> None:
    allowed = frozenset({parse_endpoint("127.0.0.1:8080")})
    assert [str(each) for each in checked("127.0.0.1", 8080, allowed)] == ["127.0.0.1"]
    for host, port in (("127.0.0.1", 8081), ("127.0.0.2", 8080), ("::ffff:127.0.0.1", 8080)):
        with pytest.raises(Refusal):
            checked(host, port, allowed)


@pytest.mark.parametrize("text", ["127.0.0.1", "localhost:80", "127.0.0.1:", "1.1.1.1:0", ":80"])
def test_an_endpoint_names_address_and_port(text: str) -> None:
    with pytest.raises(ValueError):
        parse_endpoint(text)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("ftp://example.org/", "http"),
        ("file:///etc/passwd", "http"),
        ("gopher://example.org", "http"),
        ("//example.org/x", "http"),
        ("http://", "host"),
        ("http://me:secret@example.org/", "password"),
        ("http://example.org:99999/", "address"),
        ("http://exa mple.org/", "address|blanks|host"),
        ("http://[::1/", "address"),
        (f"http://example.org/{'a' * 3000}", "characters"),
    ],
)
def test_addresses_that_are_not_asked(url: str, said: str) -> None:
    with pytest.raises(UrlError, match=said):
        parts_of(url)


def test_an_address_in_one_spelling() -> None:
    found = parts_of("HTTPS://Exämple.org:443/a b/ü?q=č#part")
    assert found.url == "https://xn--exmple-cua.org/a%20b/%C3%BC?q=%C4%8D"
    assert found.origin == "https://xn--exmple-cua.org"
    assert parts_of(found.url) == found


@given(st.text(max_size=60))
def test_any_text_is_an_address_or_is_refused(text: str) -> None:
    for written in (text, f"http://{text}", f"https://example.org/{text}"):
        try:
            found = parts_of(written)
        except UrlError:
            continue
        assert "\r" not in found.target and "\n" not in found.target and " " not in found.target
