"""检核: all rules of a dataset in one scan; results kept by rule and version."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.engine import Connection

from haina.catalogue.inventory import note_check
from haina.compute import ISSUES
from haina.compute.engines import Page
from haina.kernel import clock
from haina.kernel.errors import kind
from haina.resources.libraries import queries
from haina.standards.quality import Rule

STRONG_RULE_FAILED = kind(
    "strong_rule_failed", 422, "强规则不通过,新版本未生效", "请修正数据或规则;原版本仍在使用。"
)

SAMPLE = 20
ISSUE_SEPARATOR = ";"


@dataclass(frozen=True)
class CheckResult:
    dataset: str
    version: int
    rule: str
    title: str
    dimension: str
    item: str | None
    strong: bool
    total: int
    failed: int
    sample: list[str]


@dataclass(frozen=True)
class CheckSummary:
    """`failed_rows`: rows that fail at least one rule."""

    dataset: str
    version: int
    job: str
    at: datetime
    total: int
    failed_rows: int
    rules: int
    rules_failed: int


@dataclass(frozen=True)
class Found:
    """What one scan found, before it is kept."""

    total: int
    failed_rows: int
    results: tuple[dict[str, Any], ...]


def scan_sql(rules: Sequence[Rule], key_text: str, relation: str) -> str:
    """One aggregate over `relation`, whose columns r0, r1… say which rule a row fails.

    Without FILTER: each one makes the engine hold a copy of every argument of the whole list,
    gigabytes of it for a table of fifty rules.
    """
    flags = [f"r{place}" for place in range(len(rules))]
    some = " OR ".join(flags) or "false"
    parts = ["count(*)", f"count(CASE WHEN {some} THEN 1 END)"]
    for flag in flags:
        parts.append(f"count(CASE WHEN {flag} THEN 1 END)")
        parts.append(f"min(CASE WHEN {flag} THEN _key END, {SAMPLE})")
    keyed = f"SELECT {key_text} AS _key, {', '.join(flags) or 'false'} FROM {relation}"
    return f"SELECT {', '.join(parts)} FROM ({keyed})"


def issues_sql(key_text: str, relation: str) -> str:
    """The same over a relation that has the names of what a row fails as text: a row a rule that
    fails (name, rows, sample), and two more, named '' and '*', for all rows and those that fail."""
    names = f"unnest(string_split({ISSUES}, '{ISSUE_SEPARATOR}'))"
    failing = f"SELECT {names} AS name, {key_text} AS _key FROM {relation}"
    return (
        f"SELECT '' AS name, count(*) AS failed, NULL AS sample FROM {relation} "
        f"UNION ALL SELECT '*', count({ISSUES}), NULL FROM {relation} "
        f"UNION ALL SELECT name, count(*), min(_key, {SAMPLE}) "
        f"FROM ({failing} WHERE {ISSUES} IS NOT NULL) GROUP BY name"
    )


def found_of(page: Page, rules: Sequence[Rule]) -> Found:
    """Read the one row of `scan_sql`."""
    row = page.rows[0]
    failing = {
        rule.name: (int(row[2 + 2 * place]), row[3 + 2 * place] or [])
        for place, rule in enumerate(rules)
    }
    return _found(int(row[0]), int(row[1]), rules, failing)


def found_of_issues(page: Page, rules: Sequence[Rule]) -> Found:
    """Read the rows of `issues_sql`."""
    failing = {str(name): (int(failed), sample or []) for name, failed, sample in page.rows}
    return _found(failing[""][0], failing["*"][0], rules, failing)


def _found(
    total: int, failed_rows: int, rules: Sequence[Rule], failing: dict[str, tuple[int, list[str]]]
) -> Found:
    results = []
    for rule in rules:
        failed, sample = failing.get(rule.name, (0, []))
        results.append(
            {
                "rule": rule.name,
                "title": rule.title,
                "dimension": rule.dimension,
                "item": rule.item,
                "strong": rule.strong,
                "total": total,
                "failed": failed,
                "sample": sample,
            }
        )
    return Found(total, failed_rows, tuple(results))


def refuse_strong(found: Found) -> None:
    """Raises HainaError(strong_rule_failed) naming the first strong rule that fails."""
    for result in found.results:
        if result["strong"] and result["failed"]:
            raise STRONG_RULE_FAILED(
                f"强规则「{result['title']}」有 {result['failed']:,} 行不通过,新版本未生效",
                field=result["rule"],
                sample=result["sample"][:5],
            )


def keep(connection: Connection, dataset: str, version: int, job: str, found: Found) -> None:
    """Write results in the transaction that publishes the version, and note them in the catalogue:
    what is found in a raw table stands for the standard one that is made from it."""
    for name in {dataset, dataset.replace("ods.", "std.", 1)}:
        note_check(connection, name, found.total, found.failed_rows)
    failed = sum(1 for result in found.results if result["failed"])
    queries.put_results(
        connection,
        dataset,
        version,
        {
            "job": job,
            "at": clock.now(),
            "total": found.total,
            "failed_rows": found.failed_rows,
            "rules": len(found.results),
            "rules_failed": failed,
        },
        list(found.results),
    )


def results_of(
    connection: Connection, dataset: str, version: int | None = None
) -> list[CheckResult]:
    """Most failures first; of the newest checked version unless one is named."""
    chosen = version if version is not None else queries.newest_version(connection, dataset)
    if chosen is None:
        return []
    return [CheckResult(**row._mapping) for row in queries.results(connection, dataset, chosen)]


def summaries(connection: Connection) -> list[CheckSummary]:
    """The newest of each dataset."""
    return [CheckSummary(**row._mapping) for row in queries.newest_summaries(connection)]
