"""Commands of 归集: quarantine, deliveries, drift."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from haina.app import screen
from haina.app.cli_common import Json, actor, opened
from haina.kernel.errors import BAD_INPUT

quarantine_app = typer.Typer(help="隔离的行:列出、存成文件、修正后重送", no_args_is_help=True)
deliveries_app = typer.Typer(help="报送:交一批文件、看各批状态、发推送密钥", no_args_is_help=True)
drift_app = typer.Typer(help="数据源的列变化:列出、确认", no_args_is_help=True)

Table = Annotated[str, typer.Argument(help="表名(不带分层)")]


@quarantine_app.command("list")
def quarantine_list(
    table: Annotated[str | None, typer.Argument(help="表名;不写则各表一行")] = None,
    rows: Annotated[int, typer.Option(min=1, max=10_000, help="最多多少行")] = 50,
    as_json: Json = False,
) -> None:
    """各表隔离了多少行;或一张表隔离的行、原因和原文。"""
    from haina.resources import collect

    _, platform = opened()
    with platform.database.read() as connection:
        if table is None:
            counts = collect.quarantined_rows(connection)
            screen.show_rows(
                ["表", "隔离行"],
                [[name, count] for name, count in sorted(counts.items())],
                as_json=as_json,
                keys=["table", "rows"],
            )
            return
        collect.find_table(connection, table)
        found = collect.quarantine_page(connection, table=table, limit=rows)
        balance = collect.reconciliation(connection, table)
    screen.show_rows(
        ["编号", "行", "列", "原因", "原文"],
        [[one.id, one.line, one.column, one.message, one.raw] for one in found],
        as_json=as_json,
        keys=["id", "line", "column", "message", "raw"],
    )
    if not as_json:
        screen.console.print(
            f"对账:数据源 {balance.source_rows:,} 行 = 入湖 {balance.in_lake:,} + 修正后入湖"
            f" {balance.mended:,} + 不再要 {balance.dismissed:,} + 待处理 {balance.outstanding:,}"
        )


@quarantine_app.command("file")
def quarantine_file(
    table: Table,
    to: Annotated[Path, typer.Argument(help="写到哪个 CSV 文件")],
    as_json: Json = False,
) -> None:
    """把待修正的行存成 CSV,用表格软件改好后 haina quarantine mend 送回。"""
    from haina.resources import collect

    _, platform = opened()
    with platform.database.read() as connection:
        known = collect.find_table(connection, table)
        rows = collect.quarantine_page(connection, table=table, limit=10_000)
    to.write_text(collect.as_csv(known, rows), encoding="utf-8")
    screen.show({"files": [str(to)], "quarantined": len(rows)}, as_json=as_json)


@quarantine_app.command("mend")
def quarantine_mend(
    table: Table,
    file: Annotated[Path, typer.Argument(help="改好的 CSV 文件")],
    as_json: Json = False,
) -> None:
    """把修正后的行重新送入,与数据源的行走同一条路。"""
    from haina.resources import collect

    settings, platform = opened()
    with platform.database.read() as connection:
        known = collect.find_table(connection, table)
    mends = collect.from_csv(known, _bytes_of(file))
    with platform.database.write() as connection:
        job = collect.resend(connection, actor(), known, mends)
    _follow(settings, platform, job)
    with platform.database.read() as connection:
        left = collect.reconciliation(connection, table).outstanding
    screen.show({"sent": len(mends), "job": job, "quarantined": left}, as_json=as_json)
    raise typer.Exit(3 if left else 0)


@quarantine_app.command("dismiss")
def quarantine_dismiss(
    table: Table,
    rows: Annotated[list[int], typer.Argument(help="隔离编号(可多个)")],
    as_json: Json = False,
) -> None:
    """不再要的行:留在记录里,不入湖。"""
    from haina.resources import collect

    _, platform = opened()
    with platform.database.write() as connection:
        known = collect.find_table(connection, table)
        count = collect.dismiss(connection, actor(), known, rows)
    screen.show({"done": count}, as_json=as_json)


@deliveries_app.command("list")
def deliveries_list(
    table: Annotated[str | None, typer.Argument(help="表名;不写则全部")] = None,
    as_json: Json = False,
) -> None:
    """各批报送和它们的状态。"""
    from haina.resources import collect

    _, platform = opened()
    with platform.database.read() as connection:
        found = collect.list_deliveries(connection, table=table)
    keys = ["number", "table", "state", "rows", "rejected", "message", "received_at"]
    screen.show_rows(
        ["批次", "表", "状态", "行", "隔离", "说明", "收到"],
        [[getattr(one, key) for key in keys] for one in found],
        as_json=as_json,
        keys=keys,
    )


@deliveries_app.command("add")
def deliveries_add(
    table: Table,
    file: Annotated[Path, typer.Argument(help="要交的文件")],
    number: Annotated[str | None, typer.Option(help="批次号")] = None,
    statement: Annotated[
        str | None, typer.Option(help='对账单,JSON,如 {"rows": 100, "sums": {"金额": "12.50"}}')
    ] = None,
    as_json: Json = False,
) -> None:
    """交一批文件,并等它入湖。"""
    from haina.resources import collect

    settings, platform = opened()
    try:
        with file.open("rb") as opened_file:
            kept = collect.keep(platform, collect.blocks_of(opened_file), file.name)
    except OSError as error:
        raise BAD_INPUT(f"读不了文件 {file}:{error.strerror}", field="file") from None
    try:
        with platform.database.write() as connection:
            known = collect.find_table(connection, table)
            source = collect.find_source(connection, known.source)
            collect.check_taker(source)
            made = collect.receive(
                connection, source, known, kept, via="upload", actor=actor(),
                number=number, statement=_object(statement),
            )  # fmt: skip
    except BaseException:
        collect.forget(kept)
        raise
    _follow(settings, platform, made.job)
    with platform.database.read() as connection:
        found = collect.find_delivery(connection, made.id)
    screen.show(
        {
            "number": found.number,
            "state": found.state,
            "rows": found.rows,
            "quarantined": found.rejected,
            "result": found.message or "",
        },
        as_json=as_json,
    )
    raise typer.Exit(0 if found.state in ("loaded", "duplicate") else 1)


@deliveries_app.command("key")
def deliveries_key(
    source: Annotated[str, typer.Argument(help="数据源")],
    title: Annotated[str, typer.Argument(help="给谁用")],
    as_json: Json = False,
) -> None:
    """发一个推送密钥,只显示这一次。"""
    from haina.resources import collect

    settings, platform = opened()
    with platform.database.read() as connection:
        collect.check_taker(collect.find_source(connection, source))
        tables = collect.list_tables(connection, source)
    key_id, key = collect.add_push_key(platform, actor(), source, title)
    call = (
        f"curl -H 'Authorization: Bearer {key}' -H 'Haina-Batch: <批次号>'"
        f" -H 'Content-Type: application/json' --data-binary @rows.json"
        f" http://{settings.host}:{settings.port}/push/{tables[0].name}"
    )
    screen.show({"id": key_id, "key": key, "call": call}, as_json=as_json)


@drift_app.command("list")
def drift_list(table: Table, as_json: Json = False) -> None:
    """一张表的列变化,新的在前。"""
    from haina.resources.collect import drift

    _, platform = opened()
    with platform.database.read() as connection:
        found = drift.drift_of(connection, table)
    keys = ["at", "change", "column", "was", "now", "state", "advice"]
    screen.show_rows(
        ["时间", "变化", "列", "原来", "现在", "状态", "办法"],
        [[getattr(one, key) for key in keys] for one in found],
        as_json=as_json,
        keys=keys,
    )


@drift_app.command("accept")
def drift_accept(table: Table, as_json: Json = False) -> None:
    """确认数据源的新结构;下次采集即按新结构。"""
    from haina.resources.collect import drift

    _, platform = opened()
    with platform.database.write() as connection:
        count = drift.accept(connection, actor(), table)
    screen.show({"done": count}, as_json=as_json)


def _follow(settings: Any, platform: Any, job: str | None) -> None:
    """Wait for a job and all that it sets off; with a worker of our own where none lives."""
    from haina.app.running import work_off

    if job is not None:
        work_off(settings, platform, job)


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise BAD_INPUT(f"读不了文件 {file}:{error.strerror}", field="file") from None


def _object(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise BAD_INPUT("对账单须为 JSON 对象", field="--statement")
    return found
