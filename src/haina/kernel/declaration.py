"""The base of all declarations: what a pack's files may say, checked and frozen."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""A name in code: lower-case letters, digits and underlines."""

DatasetName = Annotated[
    str, StringConstraints(pattern=r"^(ods|std|base|theme|topic)\.[a-z][a-z0-9_]{0,59}$")
]
"""`zone.name`."""

Title = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
"""A name for people, in Chinese."""


class Declaration(BaseModel):
    """Unknown keys are refused: a misspelt key must not be silently without effect."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
