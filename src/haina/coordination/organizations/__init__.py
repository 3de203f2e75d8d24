"""机构、部门: the tree of units; an agency owns data."""

from haina.coordination.organizations.organizations import (
    Organization,
    OrganizationSpec,
    list_organizations,
    put_organization,
    remove_organization,
)

__all__ = [
    "Organization",
    "OrganizationSpec",
    "list_organizations",
    "put_organization",
    "remove_organization",
]
