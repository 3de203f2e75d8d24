"""Errors of drivers that follow the DB-API, in our words and without secrets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import ModuleType

from haina.kernel.errors import ErrorKind, HainaError, kind
from haina.resources.collect.kinds.errors import SOURCE_FAILED, UNREACHABLE

NO_DRIVER = kind(
    "no_database_driver",
    422,
    "没有安装这种数据库的驱动",
    "请在能联网的机器上下载驱动包,拷到本机安装后重启工作进程。",
)


@dataclass(frozen=True)
class Phrase:
    """What a driver's message holds, and what it means."""

    marks: tuple[str, ...]
    kind: ErrorKind
    message: str


@dataclass(frozen=True)
class Words:
    """How the errors of one database are told."""

    title: str
    phrases: tuple[Phrase, ...]

    def of(self, text: str, secret: str) -> HainaError:
        """The HainaError for a message of the driver."""
        for phrase in self.phrases:
            if any(mark in text for mark in phrase.marks):
                return phrase.kind(phrase.message)
        line = (text.strip().splitlines() or [""])[0]
        shown = line.replace(secret, "***") if secret else line
        return SOURCE_FAILED(f"读取 {self.title} 出错:{shown[:300]}")


def missing(title: str, package: str) -> HainaError:
    """The driver is not installed; how to bring it to a closed network."""
    way = (
        f"请在能联网的机器上执行 pip download {package} -d drivers,把 drivers 拷到本机,"
        f"再执行 .venv/bin/python -m pip install --no-index --find-links drivers {package},"
        "然后重启工作进程。"
    )
    return NO_DRIVER(f"没有安装{title}的驱动 {package}", hint=way, package=package)


@contextmanager
def translated(module: ModuleType, words: Words, secret: str) -> Iterator[None]:
    """Raise HainaError for each error of the driver; to stand around its calls only."""
    try:
        yield
    except module.Error as broken:
        raise words.of(str(broken), secret) from None
    except TimeoutError:
        raise UNREACHABLE("连接数据源超时") from None
    except OSError:
        raise UNREACHABLE("连不上数据源") from None
