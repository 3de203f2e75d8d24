"""备份与恢复: an installation written out while it runs, and brought back on an empty place.

A backup is a folder: `manifest.json` (what is in it, each file with its SHA-256), its own digest
beside it, `platform/<table>.jsonl`, `lake/…` and `home/…`. The database is read first, in one view;
then the files that it names, which never change.
"""

from haina.app.keeping.backup import back_up
from haina.app.keeping.contracts import Manifest
from haina.app.keeping.restore import check_backup, restore

__all__ = ["Manifest", "back_up", "check_backup", "restore"]
