"""Which addresses a source may live at: never this machine nor its link, unless settings say so.

A name is resolved once and the address found is the one to connect to (for PostgreSQL by
`hostaddr`), so that a name server that answers differently the second time gains nothing.
"""

import re
import socket
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import TypeAlias

from haina.kernel.settings import Settings
from haina.resources.collect.kinds.errors import HOST_REFUSED, HOST_UNKNOWN

Address: TypeAlias = IPv4Address | IPv6Address

_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)", re.IGNORECASE)
_NAME = re.compile(r"[^\s/\\@:,;%\x00-\x20\x7f]{1,253}")
# Clouds answer for the machine itself at these, and most private networks do not use them.
_METADATA = frozenset(
    ip_address(text) for text in ("100.100.100.200", "168.63.129.16", "fd00:ec2::254")
)
_THIS_NETWORK = ip_network("0.0.0.0/8")
# IPv6 prefixes that carry an IPv4 address, and the bit where it starts.
_CARRIERS: tuple[tuple[IPv6Network, int], ...] = (
    (IPv6Network("::/96"), 96),
    (IPv6Network("::ffff:0:0/96"), 96),
    (IPv6Network("::ffff:0:0:0/96"), 96),
    (IPv6Network("64:ff9b::/96"), 96),
    (IPv6Network("64:ff9b:1::/48"), 96),
    (IPv6Network("2002::/16"), 16),
)
_TEREDO = IPv6Network("2001::/32")
_ISATAP = (0x00005EFE, 0x02005EFE)


def check_host(host: str, port: int, settings: Settings) -> str:
    """The address to connect to for `host`.

    Every address that the name resolves to must be allowed. Raises HainaError(host_unknown)
    when it resolves to none, host_refused when one of them is not allowed.
    """
    found = _resolved(host.strip().rstrip("."), port)
    for address in found:
        if not _allowed(address, settings):
            raise HOST_REFUSED(f"不允许连接“{host}”(解析为 {address})", field="host")
    return str(found[0])


def _resolved(host: str, port: int) -> list[Address]:
    literal = _literal(host)
    if literal is not None:
        return [literal]
    if not _NAME.fullmatch(host) or _is_numeric_trick(host):
        raise HOST_REFUSED(f"“{host}”不是规范的主机名或地址", field="host")
    try:
        answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise HOST_UNKNOWN(f"主机名“{host}”无法解析", field="host") from None
    return list(dict.fromkeys(ip_address(str(answer[4][0])) for answer in answers))


def _literal(host: str) -> Address | None:
    """An address written canonically, [v6] included. A zone (fe80::1%eth0) stays in it."""
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        return ip_address(bare)
    except ValueError:
        return None


def _is_numeric_trick(host: str) -> bool:
    """127.1, 2130706433, 0x7f.1, 0177.0.0.1: resolvers take them for addresses."""
    return all(_NUMBER.fullmatch(part) for part in host.split("."))


def _allowed(address: Address, settings: Settings) -> bool:
    """Whether the address, and the IPv4 address that it may carry, are fit or listed."""
    return all(
        not _is_forbidden(one) or any(one in network for network in settings.networks)
        for one in (address, *_carried(address))
        if not (one is address and _is_mapped(address))
    )


def _is_mapped(address: Address) -> bool:
    return isinstance(address, IPv6Address) and address.ipv4_mapped is not None


def _carried(address: Address) -> list[IPv4Address]:
    """IPv4 addresses inside an IPv6 one: mapped, compatible, NAT64, 6to4, Teredo, ISATAP."""
    if isinstance(address, IPv4Address) or address in (IPv6Address("::"), IPv6Address("::1")):
        return []
    bits = int(address)
    carried = [
        IPv4Address(bits >> (96 - start) & 0xFFFFFFFF)
        for network, start in _CARRIERS
        if address in network
    ]
    if address in _TEREDO:
        carried += [IPv4Address(bits >> 64 & 0xFFFFFFFF), IPv4Address(~bits & 0xFFFFFFFF)]
    if bits >> 32 & 0xFFFFFFFF in _ISATAP:
        carried.append(IPv4Address(bits & 0xFFFFFFFF))
    return carried


def _is_forbidden(address: Address) -> bool:
    return (
        address.is_loopback
        or address.is_link_local
        or address.is_unspecified
        or address.is_multicast
        or address in _METADATA
        or (isinstance(address, IPv4Address) and (address.is_reserved or address in _THIS_NETWORK))
    )
