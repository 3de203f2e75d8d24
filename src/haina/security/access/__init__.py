"""身份、权限、脱敏: people, sign-in, roles, the register of objects, and one policy.

What routes ask for stands in `guard`, apart: who has no routes need not load the web framework.
"""

from haina.security.access.contracts import (
    ROLE_TITLES,
    Decision,
    Mask,
    ObjectFacts,
    Permission,
    Purpose,
    Role,
    Subject,
    User,
    system_subject,
)
from haina.security.access.objects import (
    known_objects,
    object_facts,
    register_object,
    retire_object,
)
from haina.security.access.policy import decide
from haina.security.access.sessions import after_jump, sign_in, sign_out, subject_of_token
from haina.security.access.users import (
    add_user,
    change_password,
    change_user,
    disable_user,
    first_users,
    get_user,
    list_users,
    reset_password,
)

__all__ = [
    "ROLE_TITLES",
    "Decision",
    "Mask",
    "ObjectFacts",
    "Permission",
    "Purpose",
    "Role",
    "Subject",
    "User",
    "add_user",
    "after_jump",
    "change_password",
    "change_user",
    "decide",
    "disable_user",
    "first_users",
    "get_user",
    "known_objects",
    "list_users",
    "object_facts",
    "register_object",
    "reset_password",
    "retire_object",
    "sign_in",
    "sign_out",
    "subject_of_token",
    "system_subject",
]
