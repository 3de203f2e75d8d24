"""The runner of the audit: it resumes, it loses no result, it fills its place in the page."""

import json
from pathlib import Path

import pytest

from tests.audit.runner import BEGIN, END, Auditor, record, recorded, tree_of

TRIALS = '''
from pathlib import Path

import pytest

@pytest.mark.parametrize("piece", range(2))
def test_good(piece, record_property):
    """好的试验。"""
    record_property("seed", 7)
    record_property("次数", 20)

def test_bad():
    """坏的试验。"""
    assert (Path(__file__).parent / "works").exists()
'''


def audit(folder: Path, *, works: bool) -> tuple[Auditor, str]:
    (folder / "test_trials.py").write_text(TRIALS)
    if works:
        (folder / "works").touch()
    page = folder / "page.md"
    if not page.exists():
        page.write_text(f"前\n{BEGIN}\n旧\n{END}\n后\n")
    auditor = Auditor(folder / "results.jsonl", page, "tree")
    options = ["-q", "-p", "no:cacheprovider", "-p", "no:timeout", "--rootdir", str(folder)]
    arguments = [*options, "-c", "/dev/null", "-o", "addopts=", str(folder / "test_trials.py")]
    pytest.main(arguments, plugins=[auditor])
    return auditor, page.read_text()


def test_what_passed_is_not_run_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ANEW", raising=False)
    first, page = audit(tmp_path, works=False)
    assert first.earlier == 0
    assert page.startswith(f"前\n{BEGIN}\n")
    assert page.endswith(f"{END}\n后\n")
    assert "| 好的试验 | 次数 40 | 通过 |" in page
    assert "| 坏的试验 | 1 | 未通过 |" in page
    assert "旧" not in page
    results = (tmp_path / "results.jsonl").read_text().splitlines()
    assert [json.loads(one)["outcome"] for one in results] == ["passed", "passed", "failed"]
    assert json.loads(results[0])["seed"] == 7

    second, page = audit(tmp_path, works=True)
    assert second.earlier == 2
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 4
    assert "| 坏的试验 | 1 | 通过 |" in page
    monkeypatch.setenv("ANEW", "1")
    third, _ = audit(tmp_path, works=True)
    assert third.earlier == 0
    assert len((tmp_path / "results.jsonl").read_text().splitlines()) == 7


def test_a_line_cut_short_by_a_kill_costs_nothing_else(tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    record({"trial": "a", "outcome": "passed"}, results)
    with results.open("ab") as out:
        out.write(b'{"trial": "b", "outc')
    record({"trial": "c", "outcome": "passed"}, results)
    assert sorted(recorded(results)) == ["a", "c"]


def test_the_digest_of_the_tree_is_of_what_lies_there() -> None:
    assert tree_of() == tree_of()
    assert len(tree_of()) == 16
