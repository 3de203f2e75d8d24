"""schemathesis over the whole API of a served installation, as one role.

`python -m tests.audit.fuzz HOME TOKEN EXAMPLES SEED`: the last line printed is {"calls",
"operations", "statuses", "faults", "peak_mb"}. To be run alone (tests.support.alone), because it
invents addresses of sources, and the platform tries them. Half of the cases are about things that are there.
"""

import json
import os
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st
from schemathesis.checks import CHECKS, load_all_checks
from schemathesis.core.errors import InvalidSchema
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from bench._harness import memory_of
from haina.app.description import openapi_document
from haina.security.access.guard import COOKIE
from tests.support.processes import environment, free_port, kill_group, start

# They stay open by design: tests/app/test_http.py reads them to their end.
STREAMS = {"run_events", "one_run_events"}
# It would end the session that everything else is asked in.
OWN_END = {"sign_out"}
# What stands in the place of a name in an address, by the address up to it.
THERE = {
    "/api/sources/tables/": ["person", "grant_paid"],
    "/api/sources/": ["hj", "bt"],
    "/api/services/keys/": ["all"],
    "/api/services/": ["person", "people", "grants"],
    "/api/definitions/": ["element:money", "service:person", "source:hj", "model:base.person"],
    "/api/deliveries/keys/": ["hj"],
    "/api/deliveries/": ["person"],
    "/api/quarantine/": ["person", "grant_paid"],
    "/push/": ["person"],
    "/api/": ["std.person", "base.person", "ods.person", "std.grant_paid"],
}
# The web server's own refusal of an address or header that is too long: it never reaches us.
BEFORE_US = {414, 431}
CHECKED = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
_SECONDS = 30


def main() -> None:
    """Ask, and say what came of it."""
    home, token, examples, seed = sys.argv[1:5]
    port = free_port()
    log = Path(home) / "server.log"
    server = start("haina.app.server", environment(Path(home), port=port, web=home), log)
    url = f"http://127.0.0.1:{port}"
    try:
        _await(url)
        with memory_of(server.pid, every=0.2) as memory:
            told = _Fuzz(url, token, int(examples), int(seed)).run()
    finally:
        kill_group(server)
    print(json.dumps({**told, "peak_mb": round(memory.peak_mb)}, ensure_ascii=False))


class _Fuzz:
    def __init__(self, url: str, token: str, examples: int, seed: int) -> None:
        self._url, self._examples, self._seed = url, examples, seed
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.cookies.set(COOKIE, token)
        load_all_checks()
        self._checks = CHECKS.get_by_names(list(CHECKED))
        self.statuses: Counter[int] = Counter()
        self.faults: list[str] = []

    def run(self) -> dict[str, Any]:
        operations = 0
        schema = schemathesis.openapi.from_dict(_without_tuples(openapi_document()))
        for found in schema.get_all_operations():
            assert isinstance(found, Ok), found
            operation = found.ok()
            name = operation.definition.raw.get("operationId", "")
            if name not in STREAMS | OWN_END:
                operations += 1
                self._operation(operation)
        calls = sum(self.statuses.values())
        return {
            "calls": calls,
            "operations": operations,
            "statuses": dict(self.statuses),
            "faults": self.faults[:50],
        }

    def _operation(self, operation: Any) -> None:
        @hypothesis.seed(self._seed)
        @hypothesis.settings(
            max_examples=self._examples,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(
            case=operation.as_strategy() | operation.as_strategy(GenerationMode.NEGATIVE),
            there=st.sampled_from(_names_of(operation.path)) | st.none(),
        )
        def ask(case: Any, there: str | None) -> None:
            if there is not None and case.path_parameters:
                case.path_parameters = dict.fromkeys(case.path_parameters, there)
            self._ask(case, operation.label)

        ask()

    def _ask(self, case: Any, label: str) -> None:
        """A fault is written down and the next case asked: one fault must not hide another."""
        try:
            answer = case.call(base_url=self._url, session=self._session, timeout=_SECONDS)
        except requests.RequestException as error:
            self.faults.append(f"{label}: {type(error).__name__}")
            return
        self.statuses[answer.status_code] += 1
        if answer.status_code in BEFORE_US:
            return
        try:
            case.validate_response(answer, checks=self._checks)
        except BaseExceptionGroup as group:
            said = "; ".join(str(one).splitlines()[0] for one in group.exceptions)
            self.faults.append(f"{label}: {answer.status_code} {said}")
        except (AssertionError, InvalidSchema) as error:
            self.faults.append(f"{label}: {answer.status_code} {error}")


def _without_tuples(schema: Any) -> Any:
    """Each `prefixItems` as a list of any of its items: schemathesis 4.32 turns them into the form
    of an older draft, and then refuses what it made."""
    if isinstance(schema, list):
        return [_without_tuples(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    found = {name: _without_tuples(one) for name, one in schema.items() if name != "prefixItems"}
    if "prefixItems" in schema:
        found["items"] = {"anyOf": _without_tuples(schema["prefixItems"])}
    return found


def _names_of(path: str) -> list[str]:
    start = path.partition("{")[0]
    return next((names for known, names in THERE.items() if start.startswith(known)), ["x"])


def _await(url: str) -> None:
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if requests.get(f"{url}/api/system/health", timeout=2).ok:
                return
        except requests.RequestException:
            time.sleep(0.1)
    raise SystemExit("the server did not start")


if __name__ == "__main__":
    os.environ["NO_PROXY"] = "*"
    main()
