"""What can go wrong between a source and us, in words that an operator can act on."""

from haina.kernel.errors import kind

UNKNOWN_KIND = kind(
    "unknown_source_kind", 422, "不支持的数据源类型", "可用的类型见 docs/reference/types.md。"
)
BAD_CONNECTION = kind("bad_connection", 422, "数据源连接配置有误", "请按提示修改连接配置后重试。")
FILE_REFUSED = kind(
    "file_refused",
    403,
    "文件不在允许读取的目录内",
    "请把文件放进设置 HAINA_SOURCE_FILES 所列的目录(缺省为安装目录下的 files)。",
)
FILE_MISSING = kind("file_missing", 404, "找不到数据文件", "请核对路径;文件须在允许读取的目录内。")
FILE_BROKEN = kind("file_broken", 422, "数据文件不可读", "请核对文件是否完整、类型是否正确。")
FILE_EMPTY = kind("file_empty", 422, "文件是空的,连表头也没有", "请核对导出过程;至少应有一行表头。")
WRONG_ENCODING = kind(
    "wrong_encoding", 422, "文件编码与声明不符", "请把 encoding 改为 auto,或改为文件真实的编码。"
)
SOURCE_CHANGED = kind(
    "source_changed", 409, "读取过程中数据源发生了变化", "请等对方写完后重新运行;本次所读一行未用。"
)
HOST_REFUSED = kind(
    "host_refused",
    403,
    "不允许连接这个地址",
    "本机、链路本地等地址缺省禁止;确需使用时请把网段加入设置 HAINA_SOURCE_NETWORKS。",
)
HOST_UNKNOWN = kind("host_unknown", 422, "主机名无法解析", "请核对主机名,或改用 IP 地址。")
UNREACHABLE = kind(
    "source_unreachable", 503, "连不上数据源", "请核对主机和端口、防火墙,以及对方服务是否在运行。"
)
LOGIN_REFUSED = kind(
    "source_login_refused", 422, "数据源拒绝登录", "请核对用户名、口令,以及对方的访问控制名单。"
)
NO_DATABASE = kind("source_no_database", 404, "数据源里没有这个库", "请核对库名和模式名。")
NO_TABLE = kind("source_no_table", 404, "数据源里没有这张表", "请重新探查数据源,核对表名与字段。")
NO_RIGHT = kind("source_no_right", 403, "数据源账号没有读取权限", "请对方给账号授予 SELECT 权限。")
SOURCE_FAILED = kind(
    "source_failed", 503, "读取数据源时出错", "请稍后重试;若持续,请联系来源系统的管理员。"
)
TOO_MANY_BAD_ROWS = kind(
    "too_many_bad_rows",
    422,
    "坏行过多,已停止读取",
    "请先看已隔离的坏行的原因,多半是编码、分隔符或字段类型配错。",
)
