"""All systems of a county: made, filled, kept up, moved on by a day, stopped."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from simulation.systems import mariadb, postgresql, sftp
from simulation.systems.access import Access, access_of
from simulation.systems.api import Api, Shelf
from simulation.systems.books import Books
from simulation.systems.programs import Programs
from simulation.systems.pusher import Pusher
from simulation.systems.servers import READY_SECONDS, BrokenSystemError, Server, check_port


@dataclass
class Systems:
    """`tell` says to people what happens."""

    folder: Path
    programs: Programs
    books: Books
    access: Access
    tell: Callable[[str], None]
    pusher: Pusher | None = None
    servers: list[Server] = field(default_factory=list)
    _shelf: Shelf = field(init=False)
    _api: Api | None = None

    def __post_init__(self) -> None:
        self._shelf = Shelf(self.access.api)

    @classmethod
    def of(
        cls, folder: Path, programs: Programs, books: Books, tell: Callable[[str], None]
    ) -> Systems:
        return cls(folder, programs, books, access_of(folder, programs), tell)

    def start(self) -> None:
        """Returns when all of them answer and hold what the books say. Raises
        BrokenSystemError; then `stop` ends what had come up."""
        for title, port in self.access.ports.items():
            check_port(title, port)
        self._prepare()
        for make in (postgresql.server, mariadb.server, sftp.server):
            self.servers.append(make(self.folder, self.programs, self.access))
            self.servers[-1].start()
        self._shelf.put(self.books)
        self._api = Api(self.access.api_port, self._shelf)
        self._api.start()
        for server in self.servers:
            server.await_ready()
        self._fill()
        if self.pusher is not None:
            self.pusher.put(self.books)
            self.pusher.start()

    def stop(self) -> None:
        if self.pusher is not None:
            self.pusher.stop()
        if self._api is not None:
            self._api.stop()
        for server in reversed(self.servers):
            server.stop()

    def watch(self) -> None:
        """Start again what has died."""
        for server in self.servers:
            if server.watch():
                self.tell(f"{server.title} 停了,重新启动")

    def pass_day(self) -> None:
        """The next day comes over all of them; one that is down just now is waited for. Raises
        BrokenSystemError."""
        self._await_all()
        changes = self.books.pass_day()
        self._shelf.put(self.books)
        sftp.lay_out(self.folder, self.books)
        try:
            postgresql.apply(self.books, self.access, changes)
            mariadb.apply(self.access, changes)
            self._note()
        except _failures():  # one died in the middle of it
            self._await_all()
            self._fill()
        if self.pusher is not None:
            self.pusher.put(self.books)

    def _await_all(self) -> None:
        end = time.monotonic() + READY_SECONDS
        while not all(server.is_ready() for server in self.servers):
            if time.monotonic() > end:
                raise BrokenSystemError("等了一分钟,还有系统没有起来")
            self.watch()
            time.sleep(0.1)

    def _prepare(self) -> None:
        with ThreadPoolExecutor() as pool:
            made = [
                pool.submit(one.prepare, self.folder, self.programs, self.access)
                for one in (postgresql, mariadb)
            ]
            for one in made:
                one.result()
        sftp.prepare(self.folder, self.access)

    def _fill(self) -> None:
        """Only what does not hold this very content already."""
        sftp.lay_out(self.folder, self.books)
        if self._noted() == self.books.mark:
            return
        with ThreadPoolExecutor() as pool:
            for one in [
                pool.submit(fill.fill, self.books, self.access) for fill in (postgresql, mariadb)
            ]:
                one.result()
        self._note()

    def _noted(self) -> str:
        path = self.folder / "filled"
        return path.read_text("utf-8") if path.exists() else ""

    def _note(self) -> None:
        (self.folder / "filled").write_text(self.books.mark, "utf-8")


def _failures() -> tuple[type[Exception], ...]:
    """What a server that dies in the middle of a change raises."""
    import pg8000.exceptions
    import pymysql

    return OSError, pg8000.exceptions.Error, pymysql.MySQLError
