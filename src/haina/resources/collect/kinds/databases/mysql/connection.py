"""The connection block of a MySQL source."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr

SslMode = Literal["disable", "prefer", "require", "verify-ca", "verify-full"]


class MysqlConnection(BaseModel):
    """A database of a server."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = Field(min_length=1, description="主机名或地址")
    port: int = Field(3306, ge=1, le=65535, description="端口")
    database: str = Field(min_length=1, description="库名")
    user: str = Field(min_length=1, description="用户名")
    password: SecretStr = Field(SecretStr(""), description="口令")
    sslmode: SslMode = Field("prefer", description="加密方式;verify-full 最稳妥")
    ca_file: str = Field("", description="自建 CA 的根证书(PEM),在允许读取的目录内;不填用系统的")
