"""Applications as subjects of the policy."""

from haina.security.access import Role, Subject


def application_subject(key_id: str, agency: str | None = None) -> Subject:
    """An application may call services and nothing else; it sees what an officer would."""
    return Subject(f"app:{key_id}", frozenset({Role.OFFICER}), agency, "应用")
