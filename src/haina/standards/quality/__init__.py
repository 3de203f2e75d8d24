"""质量规则: what is right, as expressions of SQL; rules of a table from its bindings."""

from haina.standards.quality.bindings import Binding
from haina.standards.quality.rules import DIMENSIONS, Rule, helpers, rules_of
from haina.standards.quality.values import cleaned, item_value

__all__ = ["DIMENSIONS", "Binding", "Rule", "cleaned", "helpers", "item_value", "rules_of"]
