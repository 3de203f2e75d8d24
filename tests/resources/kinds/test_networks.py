"""Which hosts a source may live at."""

import socket
from typing import Any

import pytest

from haina.kernel.errors import HainaError
from haina.kernel.settings import Settings
from haina.resources.collect.networks import check_host

_FORBIDDEN = [
    "127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST.", "0.0.0.0", "0.1.2.3", "255.255.255.255",
    "169.254.169.254", "224.0.0.1", "239.1.1.1", "240.0.0.1", "100.100.100.200", "168.63.129.16",
    "::1", "[::1]", "::", "fe80::1", "fe80::1%eth0", "ff02::1", "fd00:ec2::254",
    "::ffff:127.0.0.1", "::ffff:7f00:1", "::ffff:169.254.169.254", "::127.0.0.1",
    "::ffff:0:127.0.0.1", "64:ff9b::127.0.0.1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::127.0.0.1",
    "2002:7f00:1::", "2002:a9fe:a9fe::1", "2001:0:7f00:1::", "2001:0:4136:e378:0:0:80ff:fffe",
    "2400::5efe:127.0.0.1", "::ffff:0.0.0.0",
]  # fmt: skip
_NOT_A_HOST = [
    "127.1", "2130706433", "0x7f000001", "0x7f.1", "0177.0.0.1", "017700000001", "0x7f.0.0.1",
    "127.0.0.01", "", " ", "a b", "a,b", "/tmp", "a/b", "user@host", "http://host", "a\nb", "1.2.3",
]  # fmt: skip
_ALLOWED = [
    "10.0.0.1",
    "192.168.1.1",
    "172.16.0.1",
    "8.8.8.8",
    "fd00::1",
    "2400:3200::1",
    "100.64.0.1",
]


def settings(*networks: str) -> Settings:
    return Settings(source_networks=networks)


@pytest.mark.parametrize("host", _FORBIDDEN + _NOT_A_HOST)
def test_refused(host: str) -> None:
    with pytest.raises(HainaError) as refused:
        check_host(host, 5432, settings())
    assert refused.value.code == "host_refused"
    assert "HAINA_SOURCE_NETWORKS" in refused.value.hint


@pytest.mark.parametrize("host", _ALLOWED)
def test_allowed_as_it_is(host: str) -> None:
    assert check_host(host, 5432, settings()) == host


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("127.0.0.1", "127.0.0.0/8"),
        ("::1", "::1/128"),
        ("169.254.10.1", "169.254.10.0/24"),
        ("::ffff:127.0.0.1", "127.0.0.1/32"),
    ],
)
def test_a_listed_network_is_allowed(host: str, network: str) -> None:
    check_host(host, 5432, settings(network))
    with pytest.raises(HainaError):
        check_host(host, 5432, settings("10.0.0.0/8"))


def _answers(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def answer(host: str, port: int, **_: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)


def test_a_name_gives_the_address_to_pin(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, "10.1.2.3", "10.1.2.4")
    assert check_host("db.example", 5432, settings()) == "10.1.2.3"


def test_every_answer_must_be_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    _answers(monkeypatch, "10.1.2.3", "127.0.0.1")
    with pytest.raises(HainaError) as refused:
        check_host("db.example", 5432, settings())
    assert "127.0.0.1" in refused.value.message


def test_an_unknown_name() -> None:
    with pytest.raises(HainaError) as unknown:
        check_host("no-such-host.invalid", 5432, settings())
    assert unknown.value.code == "host_unknown"
