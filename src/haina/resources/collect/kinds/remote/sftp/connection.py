"""The connection block of an SFTP folder. The server's host key is not optional: without it anyone
on the way could be the server, and be told the password."""

import base64
import binascii
import re
from itertools import pairwise
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

_FINGERPRINT = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_KEY_TYPES = (
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "ssh-rsa",
)


class SftpConnection(BaseModel):
    """A folder or one file of a server, and the format that its files are in."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="主机名或地址")
    port: int = Field(22, ge=1, le=65535, description="端口")
    # A counted repetition of \w takes a tenth of a second to compile at every start.
    user: str = Field(pattern=r"^\w[\w.@+\\-]*$", max_length=128, description="用户名")
    password: SecretStr = Field(SecretStr(""), description="口令;有私钥时是私钥的口令")
    private_key: SecretStr = Field(SecretStr(""), description="私钥全文(OpenSSH 或 PEM)")
    host_key: str = Field(description="主机公钥,对方的公钥一行或 SHA256 指纹")
    path: str = Field(min_length=1, max_length=1000, description="文件夹或文件的路径")
    path_encoding: Literal["utf-8", "gb18030"] = Field("utf-8", description="路径在对方的编码")
    format: str = Field(min_length=1, description="文件的种类,如 csv")
    options: dict[str, Any] = Field({}, description="该种类的其他参数,如 encoding")

    @field_validator("host_key")
    @classmethod
    def _host_key(cls, value: str) -> str:
        if _FINGERPRINT.fullmatch(value.strip()):
            return value.strip()
        found = _key_in(value)
        if found is None:
            raise ValueError("host_key 须为公钥一行(ssh-ed25519 AAAA…)或指纹(SHA256:…)")
        return found

    @field_validator("path")
    @classmethod
    def _path(cls, value: str) -> str:
        if re.search(r"[\x00-\x1f\x7f]", value):
            raise ValueError("path 里有控制字符")
        return value

    @field_validator("private_key", "password")
    @classmethod
    def _secret(cls, value: SecretStr, info: Any) -> SecretStr:
        secret = value.get_secret_value()
        if info.field_name == "password" and re.search(r"[\x00\r\n]", secret):
            raise ValueError("password 里不可有换行")
        if info.field_name == "private_key" and secret and "PRIVATE KEY-----" not in secret:
            raise ValueError("private_key 须为私钥全文,以 -----BEGIN … PRIVATE KEY----- 开头")
        return value

    @model_validator(mode="after")
    def _complete(self) -> "SftpConnection":
        if not (self.password.get_secret_value() or self.private_key.get_secret_value()):
            raise ValueError("password 与 private_key 至少写一个")
        check_format(self.format, self.options)
        return self

    @property
    def fingerprint(self) -> str:
        """The declared host key as a fingerprint."""
        is_key = not _FINGERPRINT.fullmatch(self.host_key)
        return fingerprint_of(self.host_key) if is_key else self.host_key

    @property
    def known_key(self) -> str | None:
        """`type base64` when the whole key is declared."""
        return None if _FINGERPRINT.fullmatch(self.host_key) else self.host_key

    @property
    def secrets(self) -> tuple[str, ...]:
        return tuple(one.get_secret_value() for one in (self.password, self.private_key) if one)


def fingerprint_of(key: str) -> str:
    """The SHA256 fingerprint of `type base64`, as ssh writes it."""
    from hashlib import sha256

    digest = sha256(base64.b64decode(key.split()[1])).digest()
    return "SHA256:" + base64.b64encode(digest).decode("ascii").rstrip("=")


def check_format(name: str, options: dict[str, Any]) -> Any:
    """The options of the format's kind, with a path that stands for nothing. Raises ValueError."""
    from haina.resources.collect import kinds
    from haina.resources.collect.kinds.files.formats import FileKind

    kind = kinds.get(name) if name in kinds.names() else None
    if not isinstance(kind, FileKind):
        known = [one for one in kinds.names() if isinstance(kinds.get(one), FileKind)]
        raise ValueError(f"format 须为文件种类之一:{'、'.join(known)}")
    if "path" in options:
        raise ValueError("options 里不写 path")
    return kind.connection.model_validate({**options, "path": "-"})


def _key_in(line: str) -> str | None:
    """`type base64` out of a line of a public key file or of known_hosts."""
    words = line.split()
    for type_, data in pairwise(words):
        if type_ in _KEY_TYPES and _is_key(type_, data):
            return f"{type_} {data}"
    return None


def _is_key(type_: str, data: str) -> bool:
    try:
        blob = base64.b64decode(data, validate=True)
    except (binascii.Error, ValueError):
        return False
    return blob.startswith(len(type_).to_bytes(4, "big") + type_.encode("ascii"))
