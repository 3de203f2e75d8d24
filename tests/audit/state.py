"""Everything that an installation says and keeps, without what differs between two runs of the
same work: numbers of runs, moments, how often something was tried."""

import json
import re
import sqlite3
from collections import Counter
from typing import Any

from haina.kernel.platform import Platform
from haina.security import evidence
from tests.support.running import everything

State = dict[str, Any]

_LOOKS = {
    "entry": "SELECT dataset, title, agency, theme, cycle, sharing, grade, state, words FROM entry",
    "entry facts": "SELECT dataset, checked, failed FROM entry_fact",
    "lineage": "SELECT dataset, item, from_dataset, from_item FROM lineage_edge",
    "uses": "SELECT dataset, user, title FROM lineage_use",
    "checks": "SELECT r.dataset, r.rule, r.total, r.failed FROM check_result r"
    " JOIN dataset d ON d.name = r.dataset AND d.current_version = r.version",
    "quarantine": 'SELECT "table", line, "column", reason, state, raw_digest FROM quarantine',
    "loads": 'SELECT "table", mode, rows, rejected, source_rows, agrees FROM load',
    "deliveries": 'SELECT "table", source, file, bytes, digest, state, rows, rejected FROM delivery',
    "datasets": "SELECT name, title, owner, grade, key, items, rows, retired FROM dataset",
    "definitions": "SELECT name, pack, current FROM definition",
    "organizations": "SELECT code, title, parent, position, retired FROM organization",
    "objects": "SELECT name, kind, owner, grade, items, retired FROM object",
    "recipes": "SELECT dataset, kind, spec, digest, retired FROM recipe",
    "services": "SELECT name, title, dataset, spec, retired FROM service",
    "copies": "SELECT service, dataset, rows FROM serving_copy",
    "schedules": "SELECT name, kind, rule, payload FROM schedule",
    "tables": "SELECT name, source, spec, watermark, retired FROM source_table",
    "standards": "SELECT kind, name, title, spec FROM standard",
}
# A batch carries the number of its delivery.
_BATCH = re.compile(r"#[0-9a-z]{20}")


def state_of(platform: Platform) -> State:
    """By name: rows as a multiset; datasets as sorted rows; evidence as a count of acts."""
    return {**tables_of(platform), "rows": _without_batches(everything(platform))}


def tables_of(platform: Platform) -> State:
    """What the platform database says; datasets are not opened."""
    found: State = {}
    connection = sqlite3.connect(f"file:{platform.settings.home}/platform.db?mode=ro", uri=True)
    for name, query in _LOOKS.items():
        found[name] = Counter(connection.execute(query))
    copies = connection.execute("SELECT file FROM serving_copy").fetchall()
    connection.close()
    found["answers"] = Counter(_answers(platform, file) for (file,) in copies)
    found["evidence"] = acts_of(platform)
    return found


def acts_of(platform: Platform) -> Counter[tuple[str, str, str]]:
    """Who did what to what, how often. The chain must be whole."""
    with platform.database.read() as connection:
        assert evidence.verify(connection).whole
        records = evidence.records(connection, limit=1_000_000)
    return Counter((one.actor, one.act, one.object) for one in records)


def _answers(platform: Platform, file: str) -> tuple[str, int, int]:
    path = platform.settings.home / "serving" / file
    copy = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
    assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    rows = copy.execute("SELECT k, v FROM answer").fetchall()
    copy.close()
    return (
        file.split(".", maxsplit=1)[0],
        len(rows),
        hash(frozenset((key, _plain(v)) for key, v in rows)),
    )


def _plain(answer: str) -> str:
    """The rows of one key, in one order."""
    return json.dumps(sorted(json.loads(answer), key=repr), sort_keys=True)


def _without_batches(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    return {
        name: sorted(
            (tuple(_BATCH.sub("#", one) if isinstance(one, str) else one for one in row)
             for row in found),
            key=repr,
        )
        for name, found in rows.items()
    }  # fmt: skip


def differences(wanted: State, found: State) -> dict[str, str]:
    """In which parts two states differ, with an example."""
    told = {}
    for name in wanted.keys() | found.keys():
        if wanted.get(name) != found.get(name):
            told[name] = _example(wanted.get(name), found.get(name))
    return told


def _example(wanted: Any, found: Any) -> str:
    if isinstance(wanted, Counter) and isinstance(found, Counter):
        return (
            f"lost {list((wanted - found).items())[:3]}, more {list((found - wanted).items())[:3]}"
        )
    if isinstance(wanted, dict) and isinstance(found, dict):
        names = sorted(one for one in wanted.keys() | found.keys()
                       if wanted.get(one) != found.get(one))  # fmt: skip
        return ", ".join(names)
    return f"{wanted!r:.200} is not {found!r:.200}"
