"""The policy: a pure function of subject, object and purpose. Default is deny.

Grades are 1 (public) to 4 (most sensitive). What a person of the owning agency or an operator
may query, others see masked in a preview only, until a grant says more (a later issue).
"""

from haina.security.access.contracts import (
    Decision,
    Mask,
    ObjectFacts,
    Permission,
    Purpose,
    Role,
    Subject,
)

_CLEAR_GRADE = 2  # items above this grade are masked wherever people look


def decide(subject: Subject, facts: ObjectFacts, purpose: Purpose) -> Decision:
    """What `subject` may see of an object for a purpose; masks by item."""
    if purpose is Purpose.PREVIEW:
        return _preview(subject, facts)
    if purpose is Purpose.QUERY:
        return _query(subject, facts)
    return _by_permission(subject, facts, purpose)


def _preview(subject: Subject, facts: ObjectFacts) -> Decision:
    if not subject.may(Permission.DATA_PREVIEW):
        return Decision(False, "您的角色不能预览数据")
    return Decision(True, "预览:敏感项已脱敏", _masks(facts))


def _query(subject: Subject, facts: ObjectFacts) -> Decision:
    if subject.operator_at_terminal:
        return Decision(True, "安装者在命令行")
    own = Role.STEWARD in subject.roles and subject.agency == facts.owner
    if not (subject.may(Permission.DATA_QUERY) or own):
        return Decision(False, "您的角色不能查询这份数据")
    return Decision(True, "查询:敏感项已脱敏", _masks(facts))


def _by_permission(subject: Subject, facts: ObjectFacts, purpose: Purpose) -> Decision:
    needed: Permission | None = {
        Purpose.SERVICE: Permission.SERVICES_CALL,
        Purpose.COCKPIT: Permission.COCKPIT_READ,
        Purpose.QUALITY: Permission.CATALOGUE_READ,
    }.get(purpose)
    if needed is None or not subject.may(needed):
        return Decision(False, "您的角色没有这项权限")
    return Decision(True, "按职责使用", _masks(facts))


def _masks(facts: ObjectFacts) -> dict[str, Mask]:
    return {
        item: mask if mask is not Mask.NONE else Mask.HIDE
        for item, (grade, mask) in facts.items.items()
        if grade > _CLEAR_GRADE
    }
