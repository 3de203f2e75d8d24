"""质量规则: what is right, as expressions of SQL; rules of a table from its bindings."""

from haina.standards.quality.bindings import Binding
from haina.standards.quality.rules import DIMENSIONS, Rule, rules_of
from haina.standards.quality.stages import helped_stages, typed_stages

__all__ = ["DIMENSIONS", "Binding", "Rule", "helped_stages", "rules_of", "typed_stages"]
