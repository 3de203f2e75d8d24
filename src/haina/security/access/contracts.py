"""Who, what and why: the words that a decision is made of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from haina.kernel.errors import kind

BAD_SIGN_IN = kind("bad_sign_in", 401, "用户名或口令不对", "口令连错五次将锁定三十分钟。")
LOCKED = kind("account_locked", 429, "账号已锁定", "请三十分钟后再试,或请安全管理员重置口令。")
WEAK_PASSWORD = kind(
    "weak_password", 422, "口令太弱", "至少 8 位,含大写、小写、数字、符号中的三类,且不含用户名。"
)
MUST_CHANGE = kind("must_change_password", 403, "请先修改初始口令", "登录后按提示设置新口令。")
USER_EXISTS = kind("user_exists", 409, "用户名已被使用", "请换一个用户名。")
LAST_ADMINISTRATOR = kind(
    "last_administrator",
    409,
    "这是最后一个安全管理员",
    "请先另设一个安全管理员,再停用或改动这一个。",
)


class Permission(StrEnum):
    """What a route needs. A route without one is refused."""

    CATALOGUE_READ = "catalogue.read"
    DATA_PREVIEW = "data.preview"
    DATA_QUERY = "data.query"
    RUNS_READ = "runs.read"
    RUNS_STEER = "runs.steer"
    SOURCES_READ = "sources.read"
    SOURCES_STEER = "sources.steer"
    SOURCES_TEND = "sources.tend"
    SERVICES_READ = "services.read"
    SERVICES_CALL = "services.call"
    SERVICES_STEER = "services.steer"
    COCKPIT_READ = "cockpit.read"
    SYSTEM_READ = "system.read"
    USERS_STEER = "users.steer"
    EVIDENCE_READ = "evidence.read"


class Role(StrEnum):
    OPERATOR = "operator"
    STEWARD = "steward"
    OFFICER = "officer"
    LEADER = "leader"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDIT_ADMIN = "audit_admin"

    @property
    def label(self) -> str:
        return ROLE_TITLES[self]

    @property
    def alone(self) -> bool:
        """One of the three administrators, whose holder may hold nothing else."""
        return self in (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


ROLE_TITLES = {
    Role.OPERATOR: "平台管理员",
    Role.STEWARD: "部门数据专员",
    Role.OFFICER: "业务人员",
    Role.LEADER: "领导",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDIT_ADMIN: "审计管理员",
}

P = Permission
ROLE_PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OPERATOR: frozenset(
        {
            P.CATALOGUE_READ,
            P.DATA_PREVIEW,
            P.DATA_QUERY,
            P.RUNS_READ,
            P.RUNS_STEER,
            P.SOURCES_READ,
            P.SOURCES_STEER,
            P.SOURCES_TEND,
            P.SERVICES_READ,
            P.SERVICES_CALL,
            P.SERVICES_STEER,
            P.COCKPIT_READ,
            P.SYSTEM_READ,
        }
    ),
    Role.STEWARD: frozenset(
        {
            P.CATALOGUE_READ,
            P.DATA_PREVIEW,
            P.RUNS_READ,
            P.SOURCES_READ,
            P.SOURCES_TEND,
            P.SERVICES_READ,
            P.SERVICES_CALL,
            P.COCKPIT_READ,
        }
    ),
    Role.OFFICER: frozenset(
        {P.CATALOGUE_READ, P.DATA_PREVIEW, P.SERVICES_READ, P.SERVICES_CALL, P.COCKPIT_READ}
    ),
    Role.LEADER: frozenset({P.CATALOGUE_READ, P.SERVICES_READ, P.COCKPIT_READ}),
    # The three administrators never see data, and their rights never overlap (三员分立).
    Role.SYSTEM_ADMIN: frozenset({P.SYSTEM_READ, P.RUNS_READ}),
    Role.SECURITY_ADMIN: frozenset({P.USERS_STEER}),
    Role.AUDIT_ADMIN: frozenset({P.EVIDENCE_READ}),
}


class Purpose(StrEnum):
    """Why data are read. A grant becomes a purpose of its own in a later issue."""

    PREVIEW = "preview"
    QUERY = "query"
    SERVICE = "service"
    COCKPIT = "cockpit"
    QUALITY = "quality"


class Mask(StrEnum):
    """How a value is hidden; the engines know the expression of each."""

    NONE = "none"
    HIDE = "hide"
    NAME = "name"
    ID_NUMBER = "id_number"
    PHONE = "phone"
    ADDRESS = "address"
    TAIL = "tail"


@dataclass(frozen=True)
class Subject:
    """Who asks: a person, or the system itself (`person` is then 'system')."""

    person: str
    roles: frozenset[Role]
    agency: str | None = None
    title: str = ""
    must_change: bool = False
    operator_at_terminal: bool = False

    @property
    def permissions(self) -> frozenset[Permission]:
        return frozenset().union(*(ROLE_PERMISSIONS[role] for role in self.roles))

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions


def system_subject(reason: str) -> Subject:
    """The owner of the installation at the command line: an operator, and logged as such."""
    return Subject(
        f"terminal:{reason}", frozenset({Role.OPERATOR}), title="命令行", operator_at_terminal=True
    )


@dataclass(frozen=True)
class ObjectFacts:
    """What policy must know of an object. `items`: item name → (grade 1–4, mask)."""

    name: str
    kind: str
    title: str
    owner: str
    grade: int
    items: Mapping[str, tuple[int, Mask]] = field(default_factory=dict)


@dataclass(frozen=True)
class Decision:
    """What may be seen of an object: None masks nothing; a column that is absent is refused."""

    allowed: bool
    reason: str
    masks: Mapping[str, Mask] = field(default_factory=dict)


@dataclass(frozen=True)
class User:
    name: str
    title: str
    roles: tuple[Role, ...]
    agency: str | None
    disabled: bool
    must_change: bool
    created_at: datetime
    last_seen_at: datetime | None
