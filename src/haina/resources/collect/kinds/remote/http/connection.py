"""The connection block of an HTTP API: where it is, how to log in, which tables it holds.

What only the API's makers know (where the rows are in an answer, how pages are asked for) is
declared, never guessed. The one secret stands at the top, where it is sealed.
"""

import re
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from haina.kernel.errors import HainaError
from haina.resources.collect.kinds.rows.lake_types import parse

Scalar = str | int | bool
_TOKEN = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_OURS = frozenset(
    ("host", "authorization", "proxy-authorization", "cookie", "content-length", "connection",
     "transfer-encoding", "accept-encoding", "content-type", "upgrade", "expect", "te")
)  # fmt: skip
_HEADER_TOTAL = "header:"


class Block(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Auth(Block):
    """How a request says who asks; what is secret in it is the connection's `secret`."""

    by: Literal["none", "bearer", "header", "query", "basic", "token"] = Field(
        "none",
        title="怎样认证",
        description="none 不用;bearer:Authorization: Bearer 密钥;"
        "header、query:名为 name 的头或参数;basic:user 加口令;token:先向 token_url 换令牌",
    )
    name: str = Field("", max_length=100, description="头或参数的名字")
    user: str = Field("", max_length=200, description="用户名(basic)或 client_id(token)")
    token_url: str = Field("", description="换令牌的地址")
    token_path: str = Field("access_token", description="令牌在回答里的位置,如 data.token")
    scope: str = Field("", description="换令牌时的 scope")
    style: Literal["form", "json"] = Field("form", description="换令牌时参数写成表单还是 JSON")

    @model_validator(mode="after")
    def _complete(self) -> "Auth":
        if self.by in ("header", "query") and not _TOKEN.fullmatch(self.name):
            raise ValueError("auth.name 须写明头或参数的名字")
        if self.by in ("basic", "token") and not self.user:
            raise ValueError("auth.user 须写明用户名或 client_id")
        if self.by == "token":
            check_url(self.token_url)
        return self


class Pages(Block):
    """How the next page is asked for. Names of a POST body may be paths (`page.no`)."""

    by: Literal["none", "number", "offset", "cursor", "link"] = Field(
        "none", description="翻页方式;number 页号,offset 偏移,cursor 游标,link 下一页的地址"
    )
    param: str = Field("", description="页号、偏移或游标的参数名")
    size: str = Field("", description="每页行数的参数名;空为不传")
    rows: int = Field(1000, ge=1, le=100_000, description="每页行数")
    first: int = Field(1, ge=0, description="起始页号(by: number)")
    until: Literal["empty", "short"] = Field(
        "empty", description="没有 total 时何时停:空页,或不满一页(对方会少给行时会漏,慎用)"
    )
    next: str = Field("", description="下一页的游标或地址在回答里的位置;link 时空为 Link 头")
    place: Literal["", "query", "body"] = Field("", description="参数放哪里;缺省随 method")

    @model_validator(mode="after")
    def _complete(self) -> "Pages":
        if self.by in ("number", "offset", "cursor") and not self.param:
            raise ValueError("pages.param 须写明参数名")
        if self.by == "cursor" and not self.next:
            raise ValueError("pages.next 须写明下一页的游标在回答里的位置")
        return self


class Since(Block):
    """Asks the server for new rows only; what it sends in excess is left out here."""

    column: str = Field(min_length=1, description="水位列")
    param: str = Field(min_length=1, description="参数名")
    format: str = Field(
        "text",
        description="参数的写法,text 原样;epoch、epoch_ms;或 strftime 写法,如 %Y-%m-%d %H:%M:%S",
    )
    zone: str = Field("+08:00", pattern=r"^[+-]\d{2}:\d{2}$", description="对方用的时区")


class HttpTable(Block):
    """One table of the API."""

    path: str = Field("", description="接在 url 之后的路径")
    method: Literal["GET", "POST"] = Field("GET", description="请求方法")
    repeatable: bool = Field(False, description="POST 出错时可否重发(查询类接口可以)")
    query: dict[str, Scalar] = Field({}, description="每次都带的参数")
    body: dict[str, Any] | None = Field(None, description="POST 的 JSON 内容")
    format: Literal["json", "jsonl", "csv"] = Field("json", description="回答的格式")
    records: str = Field("", description="行所在的位置,如 data.list;空为整个回答")
    total: str = Field("", description="总行数所在的位置,或 header:头名;读完与实收比对")
    pages: Pages = Field(Pages(), description="怎样翻页")
    columns: dict[str, str] = Field({}, description="字段与湖中类型;不写则由第一页得出")
    optional: tuple[str, ...] = Field((), description="可以缺的字段,缺了为空值")
    since: Since | None = Field(None, description="只要新的行;写明后增量时由对方筛选")

    @field_validator("path")
    @classmethod
    def _relative(cls, value: str) -> str:
        if re.search(r"[\x00-\x20\x7f?#\\]", value) or "://" in value or ".." in value.split("/"):
            raise ValueError("path 只写路径,参数写在 query")
        return value

    @field_validator("columns")
    @classmethod
    def _lake_types(cls, value: dict[str, str]) -> dict[str, str]:
        for text in value.values():
            try:
                parse(text)
            except HainaError as unknown:
                raise ValueError(unknown.message) from None
        return value

    @model_validator(mode="after")
    def _fits(self) -> "HttpTable":
        if self.method == "GET" and (self.body is not None or self.pages.place == "body"):
            raise ValueError("GET 没有 body")
        in_answer = (
            self.records or self.pages.next or (self.total and not self.total_header)
        )  # what only one JSON document has room for
        if self.format != "json" and in_answer:
            raise ValueError(f"{self.format} 的回答里没有 records、total、next 可指")
        return self

    @property
    def total_header(self) -> str:
        """The header that says the total, '' when it is in the body or nowhere."""
        return self.total[len(_HEADER_TOTAL) :] if _is_header(self.total) else ""

    @property
    def in_body(self) -> bool:
        """Whether parameters of ours go into the body."""
        return self.method == "POST" and self.pages.place != "query"


class HttpConnection(Block):
    """An API: the address that all its tables share, and the tables."""

    url: str = Field(min_length=1, description="接口的公共地址,http 或 https")
    auth: Auth = Field(Auth(), description="认证")
    secret: SecretStr = Field(SecretStr(""), description="令牌、口令或 client_secret")
    headers: dict[str, str] = Field({}, description="每次都带的头;不放凭据")
    tables: dict[Annotated[str, Field(min_length=1, max_length=100)], HttpTable] = Field(
        min_length=1, max_length=500, description="各张表;名称自取,如 renkou"
    )
    ca_file: str = Field("", description="CA 证书文件(PEM),在允许读取的目录内")
    requests_per_minute: int = Field(600, ge=1, le=60_000, description="每分钟最多请求几次")

    @field_validator("url")
    @classmethod
    def _url(cls, value: str) -> str:
        return check_url(value)

    @field_validator("headers")
    @classmethod
    def _headers(cls, value: dict[str, str]) -> dict[str, str]:
        for name, text in value.items():
            if not _TOKEN.fullmatch(name) or name.lower() in _OURS:
                raise ValueError(f"头“{name}”不可自定;凭据请写在 auth 与 secret")
            if not text.isascii() or not text.isprintable():
                raise ValueError(f"头“{name}”的值须为可见的 ASCII 字符")
        return value

    @field_validator("secret")
    @classmethod
    def _secret(cls, value: SecretStr) -> SecretStr:
        if re.search(r"[\x00-\x1f\x7f]", value.get_secret_value()):
            raise ValueError("secret 里不可有换行等控制字符")
        return value

    @model_validator(mode="after")
    def _with_secret(self) -> "HttpConnection":
        if self.auth.by != "none" and not self.secret.get_secret_value():
            raise ValueError("secret 须写明")
        secret = self.secret.get_secret_value()
        if self.auth.by in ("bearer", "header") and not secret.isascii():
            raise ValueError("secret 放进头里时须为 ASCII 字符")
        if self.auth.by == "token" and is_plain(self.auth.token_url) and not is_plain(self.url):
            raise ValueError("url 是 https 时,token_url 也须是 https")
        return self


def check_url(url: str) -> str:
    """An http(s) address without user, query and fragment. Raises ValueError."""
    if re.search(r"[\x00-\x20\x7f\\]", url):
        raise ValueError("地址里有空白或控制字符")
    parts = urlsplit(url)
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
        raise ValueError("地址须以 http:// 或 https:// 开头")
    if parts.username is not None or parts.password is not None:
        raise ValueError("用户名和口令不写在地址里,请用 auth 与 secret")
    if parts.query or parts.fragment:
        raise ValueError("地址里不写参数,请用各表的 query")
    _ = parts.port  # raises ValueError
    return url


def is_plain(url: str) -> bool:
    """Whether what goes to this address can be read on the way."""
    return urlsplit(url).scheme.lower() == "http"


def _is_header(total: str) -> bool:
    return total.lower().startswith(_HEADER_TOTAL)
