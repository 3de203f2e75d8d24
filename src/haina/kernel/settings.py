"""Settings: an environment variable, or a line in HAINA_HOME/haina.conf; nothing else.

docs/reference/settings.md is made from this class and kept true by a test.
"""

from functools import cached_property
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from haina.kernel.errors import kind

BAD_SETTING = kind("bad_setting", 500, "设置有误", "见 docs/reference/settings.md。")


class Settings(BaseSettings):
    """Every setting of an installation."""

    model_config = SettingsConfigDict(env_prefix="HAINA_", extra="ignore", frozen=True)

    home: Path = Field(Path(".haina"), description="安装目录,平台所有的数据都在其下")
    host: str = Field("127.0.0.1", description="服务监听的地址")
    port: int = Field(8000, ge=1, le=65535, description="服务监听的端口")
    database: str = Field(
        "", description="平台库地址;空为内置 SQLite,或 postgresql://用户:口令@主机/库"
    )
    lake: str = Field("", description="数据湖目录;空为 HAINA_HOME/lake")
    secret_key: str = Field("", description="平台密钥(base64,32 字节);空则用 HAINA_HOME/secret.key")
    source_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="允许数据源使用的本机、链路本地网段(逗号分隔的 CIDR);缺省一律禁止"
    )
    source_files: Annotated[tuple[Path, ...], NoDecode] = Field(
        (), description="文件类数据源可读的目录(逗号分隔);空为 HAINA_HOME/files"
    )
    delivery_mb: int = Field(512, ge=1, description="一份报送(上传、推送)最大的字节数,兆字节")
    worker_slots: int = Field(2, ge=1, le=64, description="一个工作进程同时执行的作业数")
    lease_seconds: float = Field(
        30.0, gt=1, description="作业租约的长度,秒;工作进程消失后多久由别的接管"
    )
    worker_memory_mb: int = Field(1024, ge=256, description="一次加工计算可用的内存,兆字节")
    query_seconds: float = Field(30.0, gt=0, description="一次查询可用的时间,秒")
    query_memory_mb: int = Field(512, ge=128, description="一次查询可用的内存,兆字节")
    query_rows: int = Field(100_000, ge=1, description="一次查询最多返回的行数")
    session_hours: float = Field(8.0, gt=0, description="登录的有效时间,小时")
    retention_days: int = Field(30, ge=0, description="旧版本数据在湖中保留的天数")

    @field_validator("source_networks", "source_files", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("source_networks")
    @classmethod
    def _networks(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for part in value:
            ip_network(part)
        return value

    @cached_property
    def networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        return tuple(ip_network(part) for part in self.source_networks)

    @property
    def database_url(self) -> str:
        if not self.database:
            return f"sqlite:///{self.home / 'platform.db'}"
        return self.database.replace("postgresql://", "postgresql+pg8000://", 1)

    @property
    def lake_root(self) -> Path:
        return Path(self.lake).absolute() if self.lake else self.home / "lake"

    @property
    def file_roots(self) -> tuple[Path, ...]:
        return self.source_files or (self.home / "files",)


def load(**overrides: Any) -> Settings:
    """Read the settings: overrides, then environment, then HAINA_HOME/haina.conf.

    Raises HainaError(bad_setting) that names the variable.
    """
    try:
        home = Settings(**overrides).home.absolute()
        overrides["home"] = home
        return Settings(_env_file=home / "haina.conf", **overrides)
    except ValidationError as broken:
        first = broken.errors()[0]
        name = "HAINA_" + str(first["loc"][0]).upper()
        raise BAD_SETTING(f"设置 {name} 的值不可用:{first['msg']}", field=name) from None
    except ValueError as broken:
        raise BAD_SETTING(f"设置有误:{broken}") from None
