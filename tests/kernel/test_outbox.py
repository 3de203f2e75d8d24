"""Events: with the act or not at all; at least once; a handler that fails is tried again."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from haina.kernel import clock, outbox
from haina.kernel.outbox import Dispatcher, event_table
from haina.kernel.platform import Platform


def _publish(platform: Platform, n: int = 1) -> None:
    with platform.database.write() as connection:
        outbox.publish(connection, "said", {"n": n})


def _due(platform: Platform) -> None:
    with platform.database.write() as connection:
        connection.execute(event_table.update().values(due_at=clock.now()))


def test_an_event_of_an_act_that_failed_is_not_heard(any_platform: Platform) -> None:
    heard: list[Any] = []
    with pytest.raises(ZeroDivisionError), any_platform.database.write() as connection:
        outbox.publish(connection, "said", {})
        raise ZeroDivisionError
    clerk = Dispatcher(any_platform, {"said": [lambda _platform, events: heard.extend(events)]})
    assert clerk.run_once() == 0
    assert heard == []


def test_events_come_in_order_once_and_together(any_platform: Platform) -> None:
    heard: list[int] = []
    calls: list[int] = []

    def handler(_platform: Platform, events: list[dict[str, Any]]) -> None:
        calls.append(len(events))
        heard.extend(event["n"] for event in events)

    clerk = Dispatcher(any_platform, {"said": [handler]})
    for n in range(5):
        _publish(any_platform, n)
    assert clerk.run_once() == 5
    assert clerk.run_once() == 0
    assert heard == [0, 1, 2, 3, 4]
    assert calls == [5]


def test_a_failing_handler_is_tried_again(any_platform: Platform) -> None:
    heard: list[int] = []

    def handler(_platform: Platform, events: list[dict[str, Any]]) -> None:
        heard.append(events[0]["n"])
        if len(heard) < 4:
            raise OSError("away")

    clerk = Dispatcher(any_platform, {"said": [handler]})
    _publish(any_platform)
    pauses: list[timedelta] = []
    for _ in range(3):
        assert clerk.run_once() == 0
        with any_platform.database.read() as connection:
            row = connection.execute(sa.select(event_table)).one()
        pauses.append(row.due_at - clock.now())
        assert clerk.run_once() == 0
        _due(any_platform)
    with any_platform.database.read() as connection:
        assert outbox.stuck(connection) == [("said", "OSError: away")]
    assert pauses == sorted(pauses)
    assert clerk.run_once() == 1
    with any_platform.database.read() as connection:
        assert outbox.stuck(connection) == []
        assert not outbox.waiting(connection)


def test_one_bad_event_does_not_stop_its_neighbours(any_platform: Platform) -> None:
    heard: list[int] = []

    def handler(_platform: Platform, events: list[dict[str, Any]]) -> None:
        numbers = [event["n"] for event in events]
        if 1 in numbers:
            raise OSError
        heard.extend(numbers)

    for n in range(3):
        _publish(any_platform, n)
    assert Dispatcher(any_platform, {"said": [handler]}).run_once() == 2
    assert heard == [0, 2]


def test_handlers_may_write(any_platform: Platform) -> None:
    def handler(platform: Platform, events: list[dict[str, Any]]) -> None:
        with platform.database.write() as connection:
            outbox.publish(connection, "heard", events[0])

    _publish(any_platform)
    clerk = Dispatcher(any_platform, {"said": [handler]})
    assert clerk.run_once() == 1
    assert clerk.run_once() == 1
