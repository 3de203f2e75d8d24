"""Lineage as it is declared: written by whoever makes a dataset, read by pages and the planner."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy.engine import Connection

from haina.catalogue.lineage import queries


@dataclass(frozen=True)
class Edge:
    """`item` of `dataset` comes from `from_item` of `from_dataset`; without items: the dataset
    as a whole is read. `from_dataset` may be a source, written `source:<name>`."""

    dataset: str
    item: str | None
    from_dataset: str
    from_item: str | None


@dataclass(frozen=True)
class Use:
    dataset: str
    user: str
    title: str


def put_lineage(
    connection: Connection,
    dataset: str,
    inputs: Iterable[str],
    items: Mapping[str, Iterable[tuple[str, str]]],
) -> None:
    """Say anew what a dataset is made of: its inputs, and for each item (dataset, item) pairs."""
    edges: list[tuple[str | None, str, str | None]] = [(None, name, None) for name in inputs]
    edges += [(item, source, column) for item, pairs in items.items() for source, column in pairs]
    queries.replace_edges(connection, dataset, edges)


def remove_lineage(connection: Connection, dataset: str) -> None:
    queries.replace_edges(connection, dataset, ())


def edges_into(connection: Connection, dataset: str) -> list[Edge]:
    return [Edge(**row._mapping) for row in queries.edges(connection, dataset=dataset)]


def edges_out_of(connection: Connection, dataset: str) -> list[Edge]:
    return [Edge(**row._mapping) for row in queries.edges(connection, from_dataset=dataset)]


def all_inputs(connection: Connection) -> dict[str, set[str]]:
    """For each dataset that is made of others, their names."""
    found: dict[str, set[str]] = {}
    for dataset, source in queries.inputs(connection):
        found.setdefault(dataset, set()).add(source)
    return found


def downstream(connection: Connection, dataset: str) -> set[str]:
    """The datasets that read this one, directly."""
    edges = queries.edges(connection, from_dataset=dataset)
    return {row.dataset for row in edges if row.item is None}


def put_use(connection: Connection, dataset: str, user: str, title: str) -> None:
    """Note that something (`service:<name>`) answers from a dataset."""
    queries.put_use(connection, dataset, user, title)


def remove_use(connection: Connection, user: str) -> None:
    queries.remove_use(connection, user)


def uses_of(connection: Connection, dataset: str) -> list[Use]:
    return [Use(row.dataset, row.user, row.title) for row in queries.uses(connection, dataset)]
