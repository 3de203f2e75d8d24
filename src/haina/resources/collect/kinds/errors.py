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
    "source_changed", 503, "读取过程中数据源发生了变化", "请等对方写完后重新运行;本次所读一行未用。"
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
ANSWER_BROKEN = kind(
    "source_answer_broken",
    502,
    "数据源的回答读不懂",
    "请用浏览器或 curl 核对该接口真正返回的内容,再核对 records、format 等配置。",
)
PAGE_DIFFERS = kind(
    "source_page_differs",
    502,
    "后面的页与第一页不是同一张表",
    "请与对方核对接口;本次所读一行未用。确有可缺的字段时请列入 optional。",
)
ANSWER_TOO_LARGE = kind(
    "source_answer_too_large", 502, "数据源的回答过大", "请把每页行数改小,或请对方分页。"
)
ENDLESS = kind(
    "source_endless",
    502,
    "数据源没完没了",
    "请核对翻页配置(参数名、起始页、下一页的位置);多半是对方没有认翻页参数。",
)
TOTAL_DISAGREES = kind(
    "source_total_disagrees",
    409,
    "实收行数与数据源自报的总数不符",
    "数据可能正在变动,请稍后重试;若持续,请核对 total 与翻页配置。本次所读一行未用。",
)
TIMED_OUT = kind(
    "source_timed_out", 504, "数据源太慢", "请核对网络与对方负载;可把每页行数改小后重试。"
)
BUSY = kind(
    "source_busy", 503, "数据源要求稍后再来", "请调低 requests_per_minute,或避开对方的忙时。"
)
REDIRECT_REFUSED = kind(
    "source_redirect_refused",
    502,
    "数据源要把请求转到不允许的地方",
    "请与对方核对后,把 url 直接写成最终的地址。",
)
CERTIFICATE_REFUSED = kind(
    "source_certificate_refused",
    502,
    "对方的证书通不过校验",
    "请与对方核对证书;自建 CA 的根证书请放进允许读取的目录,用 ca_file 指明。",
)
HOST_KEY_REFUSED = kind(
    "source_host_key_refused",
    502,
    "对方的主机密钥与登记的不符",
    "请向对方核实指纹;核实无误后再修改 host_key。在此之前口令和数据都没有送出。",
)
NO_SSH_CLIENT = kind(
    "no_ssh_client",
    503,
    "这台机器没有 OpenSSH 客户端",
    "请安装后重试:apt-get install openssh-client(或 dnf install openssh-clients)。",
)
LISTING_REFUSED = kind(
    "source_listing_refused",
    502,
    "对方列出的文件不可信",
    "请与对方核对该服务器;文件名里不该有路径,目录也不该大得离谱。",
)
FILE_TOO_LARGE = kind(
    "file_too_large", 413, "数据文件超过可读的大小", "请对方拆成几个文件,或改用 CSV、Parquet。"
)
FILE_UNSAFE = kind(
    "file_unsafe",
    422,
    "数据文件里有不该有的内容",
    "请用 Excel 或 WPS 打开核对,另存为新文件后再提供。",
)
TOO_MANY_COLUMNS = kind(
    "too_many_columns", 422, "字段过多", "请核对分隔符和表头;一张表的字段请控制在 2,000 个以内。"
)
WRONG_FORMAT = kind(
    "wrong_file_format", 422, "文件内容与所选的类型不符", "请按真实的格式选择类型,或另存后再提供。"
)
COLUMNS_DIFFER = kind(
    "file_columns_differ", 422, "几个文件的字段不一致", "请核对这些文件的表头,或把它们分成几张表。"
)
PATH_NOT_FOUND = kind(
    "file_path_not_found", 422, "文件里没有所指的位置", "请核对 path_in_file,如 data.rows。"
)
ARCHIVE_UNSAFE = kind(
    "archive_unsafe",
    422,
    "压缩包不可信",
    "请对方用普通的压缩软件重新打包,包里只放数据文件。",
)
ARCHIVE_TOO_LARGE = kind(
    "archive_too_large", 413, "压缩包展开后过大", "请对方分成几个压缩包;压缩比大得离谱的包不读。"
)
ARCHIVE_ENCRYPTED = kind(
    "archive_encrypted", 422, "压缩包加了密码", "请对方去掉密码后重新打包,或改走加密的传输通道。"
)
ARCHIVE_NESTED = kind(
    "archive_nested", 422, "压缩包里还有压缩包", "请对方只打一层包,把里面的压缩包展开。"
)
NOTHING_TO_ASK = kind(
    "nothing_to_ask",
    409,
    "这个数据源由部门推送,不能去取",
    "请等部门推送下一批,或在数据源页上传文件。",
)
