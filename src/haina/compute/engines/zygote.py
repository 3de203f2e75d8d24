"""The process that sandboxes are forked from.

It imports the engines and opens DuckDB once, without a thread, a table or a file: most of what a
start costs. So a fork of it is as safe as a fork can be (docs/decisions/0002-sandbox-zygote.md). It
is started by exec, talks to its parent by one inherited socket, and ends when that socket does.
"""

import gc
import json
import os
import select
import signal
import socket
import sys
from typing import TYPE_CHECKING, Any, NoReturn

from haina.compute.engines import confine

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_MESSAGE = 4096


class Zygote:
    """The loop: start a child for a received socket, kill a child, bury the dead."""

    def __init__(
        self, control: socket.socket, achieved: dict[str, Any], opened: "DuckDBPyConnection"
    ) -> None:
        self.control = control
        self.achieved = achieved
        self.opened = opened
        self.children: set[int] = set()

    def run(self) -> None:
        poll = select.poll()
        poll.register(self.control, select.POLLIN)
        while True:
            ready = poll.poll(200 if self.children else None)
            self.bury()
            if ready and not self.obey():
                return

    def obey(self) -> bool:
        """Do what the next message says; False at the end of the parent."""
        data, fds, _flags, _address = socket.recv_fds(self.control, _MESSAGE, 1)
        if not data:
            return False
        message = json.loads(data)
        if message["do"] == "kill":
            self.kill(int(message["pid"]))
        for fd in fds:
            self.start(fd)
            os.close(fd)
        return True

    def kill(self, pid: int) -> None:
        # Only a child not yet buried: its number cannot belong to somebody else.
        if pid in self.children:
            os.kill(pid, signal.SIGKILL)

    def bury(self) -> None:
        while self.children:
            pid, _status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                return
            self.children.discard(pid)

    def start(self, fd: int) -> None:
        clean = confine.threads() == 1
        pid = os.fork()
        if pid:
            self.children.add(pid)
        else:
            self.control.close()
            become_child(fd, self.achieved, os.getppid(), clean, self.opened)


def become_child(
    fd: int, achieved: dict[str, Any], parent: int, clean: bool, opened: "DuckDBPyConnection"
) -> NoReturn:
    """Serve one session on `fd`, then end without any clean-up that engines might do."""
    status = 1
    try:
        confine.die_with(parent)
        if not clean:
            # A thread appeared in the zygote: what it held would be held here for ever. Start anew.
            os.set_inheritable(fd, True)
            again = [sys.executable, "-m", "haina.compute.engines.zygote", "child", str(fd)]
            os.execv(sys.executable, again)  # noqa: S606 - our own interpreter, fixed arguments
        from haina.compute.engines import child

        # A connection of its own: its random numbers are not those of the other children.
        child.serve(socket.socket(fileno=fd), achieved, opened.cursor())
        status = 0
    except BaseException:  # noqa: BLE001 - whatever it was, it ends here and must not reach the loop
        status = 1
    finally:
        os._exit(status)


def _open_engines() -> "DuckDBPyConnection":
    import deltalake  # noqa: F401

    from haina.compute.engines import child

    return child.connect()


def main() -> None:
    confine.no_core()
    achieved = confine.leave_network() if sys.argv[1] == "zygote" else {"network": "inherited"}
    opened = _open_engines()
    fd = int(sys.argv[2])
    if sys.argv[1] == "child":
        become_child(fd, achieved, os.getppid(), True, opened)
    gc.collect()
    gc.freeze()
    Zygote(socket.socket(fileno=fd), achieved, opened).run()
    os._exit(0)  # the engines' own clean-up at exit only prints


if __name__ == "__main__":
    main()
