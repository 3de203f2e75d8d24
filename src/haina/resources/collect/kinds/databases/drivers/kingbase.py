"""人大金仓 KingbaseES: it speaks PostgreSQL's protocol and keeps its catalogue."""

from pydantic import Field

from haina.resources.collect.kinds.databases.postgresql.kind import (
    PostgresqlConnection,
    PostgresqlKind,
)


class KingbaseConnection(PostgresqlConnection):
    """A database of a KingbaseES server; tables of one schema."""

    port: int = Field(54321, ge=1, le=65535, description="端口")


class KingbaseKind(PostgresqlKind):
    """See `Kind`."""

    name = "kingbase"
    title = "人大金仓数据库"
    connection = KingbaseConnection

    def type_rows(self) -> list[tuple[str, str, str]]:
        note = "未在真实服务器上验证;按 PostgreSQL 的协议与系统目录读取,Oracle 模式的 DATE 带时分秒"
        return [("(整个类型表)", "", note), *super().type_rows()]
