"""What can go wrong while a source is being connected."""

from haina.kernel.errors import kind

TOO_SLOW = kind(
    "connect_too_slow",
    504,
    "对方太久没有回答,已停止探查",
    "请核对地址与网络;库里的表极多时,请对方给一个只看得见所需表的账号。",
)
TOO_MUCH = kind(
    "connect_too_much",
    422,
    "要看的内容太大,探查已停止",
    "请换小一些的文件,或把表分开;大的数据宜直连数据库,或改用 CSV、Parquet。",
)
TOO_MANY_PROBES = kind(
    "connect_busy", 429, "正在探查的连接太多", "请稍等几秒再试;每次探查至多一分钟。"
)
