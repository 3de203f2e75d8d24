"""A process with a network of its own, in which there is nothing but itself.

`python -m tests.support.alone COMMAND …` runs a command there: whatever it is talked into calling,
no packet leaves. Needs root, or a kernel that grants user namespaces.
"""

import ctypes
import fcntl
import os
import socket
import struct
import sys

_NEW_USER, _NEW_NET = 0x10000000, 0x40000000
_SET_FLAGS, _UP = 0x8914, 0x1


def enter() -> None:
    """Leave the machine's network; only a loopback is left. Raises OSError where it may not be."""
    libc = ctypes.CDLL(None, use_errno=True)
    flags = _NEW_NET if os.geteuid() == 0 else _NEW_NET | _NEW_USER
    if libc.unshare(flags) != 0:
        raise OSError(ctypes.get_errno(), "no network namespace is granted here")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as handle:
        fcntl.ioctl(handle, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP))


if __name__ == "__main__":
    enter()
    os.execvp(sys.argv[1], sys.argv[1:])
