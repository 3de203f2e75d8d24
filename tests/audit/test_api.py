"""The whole API against its own description, as every role."""

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from haina.security.access import Role
from tests.app.support_http import Prepared
from tests.audit.conftest import Tell
from tests.support.processes import ROOT, environment

ALONE = (sys.executable, "-m", "tests.support.alone")
EXAMPLES = 30
# The server at rest holds a third of this; a leak or an answer held whole would pass it.
MOST_MB = 900


@pytest.mark.audit
@pytest.mark.timeout(1500)
@pytest.mark.parametrize("role", list(Role))
def test_api(role: Role, prepared: Prepared, tmp_path: Path, record_property: Tell) -> None:
    """schemathesis 对全部接口,每个角色各一遍:没有 5xx,没有答复越出所声明的形状,内存有界。"""
    told = fuzz(prepared, tmp_path, role.value, EXAMPLES)
    record_property("调用", told["calls"])


def fuzz(prepared: Prepared, folder: Path, role: str, examples: int) -> dict[str, Any]:
    """What came of it; no fault was found."""
    home = folder / "home"
    prepared.copy(home).close()
    arguments = (str(home), prepared.tokens[role], str(examples), "1")
    done = subprocess.run(
        [*ALONE, sys.executable, "-m", "tests.audit.fuzz", *arguments],
        cwd=ROOT,
        env=environment(home),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3_000:]
    told: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["faults"] == []
    statuses = Counter({int(status): count for status, count in told["statuses"].items()})
    assert statuses[200] > told["operations"] / 10, "hardly anything was answered"
    assert told["peak_mb"] < MOST_MB
    return told
