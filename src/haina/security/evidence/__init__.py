"""存证: the append-only chain of acts. If it cannot be written, the act does not happen."""

from haina.security.evidence.chain import Record, Verdict, append, records, verify

__all__ = ["Record", "Verdict", "append", "records", "verify"]
