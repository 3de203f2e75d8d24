"""Runs of the crowded harbour: in every state, with causes, steps and lines of log."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from haina.kernel.ids import new_id

RUNS = 10_000
WORDS = (
    "户籍人口基本信息",
    "不动产登记簿",
    "医疗保险参保人员",
    "企业年度报告公示",
    "低保家庭发放明细",
    "机动车驾驶证核发记录",
    "学籍注册与异动",
    "危险化学品经营许可",
    "城乡居民养老保险缴费",
    "食品生产经营许可证",
    "建筑工程施工许可",
    "残疾人两项补贴",
)
LONG = "(含历年补录、跨区划迁移与多部门联合核验结果的全量台账)"
_ERROR = {
    "code": "source_down",
    "message": "连不上数据源:10.20.30.40:3306 没有应答(已试 3 次,每次等 30 秒)",
    "hint": "请确认数据源在运行、网络可达;恢复后点“重试”。",
    "field": None,
}


Row = dict[str, Any]


def title(n: int) -> str:
    """What the n-th thing is called; every seventeenth at length."""
    return f"{WORDS[n % len(WORDS)]} {n:04d}" + (LONG if n % 17 == 0 else "")


def job(n: int, moment: datetime) -> Row:
    """The newest ones wait or run; the last of all is large."""
    state = ("done", "done", "done", "failed", "cancelled")[n % 5 if n % 3 == 0 else 0]
    ago = timedelta(minutes=3 * (RUNS - n))
    if n >= RUNS - 60:
        state = "running" if n % 6 == 0 else "queued"
    if n == RUNS - 1:
        state = "failed"
    began, took = None if state == "queued" else moment - ago, timedelta(seconds=20 + n % 400)
    return {
        "id": new_id(),
        "kind": ("collect.load", "libraries.conform", "libraries.build")[n % 3],
        "title": f"{('采集', '标准化', '加工')[n % 3]} {title(n % 1250)}",
        "payload": {},
        "state": state,
        "cause": "到了时间表「30 2 * * *」的时刻"
        if n % 3 == 0
        else f"ods.t{n % 1250:04d} 有了新版本 {n}",
        "subject": f"{('ods', 'std', 'std')[n % 3]}.t{n % 1250:04d}",
        "batch": None,
        "priority": 100,
        "due_at": moment - ago,
        "attempts": 3 if state == "failed" else 1,
        "max_attempts": 3,
        "fence": 1,
        "progress": 0.4 if state == "running" else None,
        "message": "已读 1,200,000 行" if state == "running" else None,
        "cancel_requested": False,
        "created_at": moment - ago - timedelta(seconds=5),
        "started_at": began,
        "ended_at": min(began + took, moment) if began and state != "running" else None,
        "result": {"rows_in": 10_000 + n, "rows_out": 9_990 + n} if state == "done" else None,
        "error": _ERROR if state == "failed" else None,
    }


def cause(job: Row) -> Row:
    return {
        "job_id": job["id"],
        "n": 0,
        "kind": "schedule",
        "object": "30 2 * * *",
        "version": None,
        "before": None,
        "by_job": None,
    }


def run(job: Row) -> Row:
    return {
        "id": new_id(),
        "job_id": job["id"],
        "attempt": 1,
        "worker": "worker-1",
        "state": job["state"],
        "started_at": job["started_at"],
        "ended_at": job["ended_at"],
        "error": job["error"],
        "peak_mb": 300.0,
    }


def steps(job: Row, count: int) -> Iterator[Row]:
    if job["started_at"] is None:
        return
    for n in range(count):
        began = job["started_at"] + timedelta(seconds=n)
        yield {
            "job_id": job["id"],
            "name": f"第 {n + 1} 片",
            "n": n + 1,
            "state": "failed" if job["state"] == "failed" and n == count - 1 else "done",
            "started_at": began,
            "ended_at": began + timedelta(seconds=1),
            "rows_in": 500_000,
            "rows_out": 499_990,
            "output": {},
            "kept": True,
        }


def line(job: Row, n: int) -> Row:
    return {
        "job_id": job["id"],
        "run_id": "run",
        "at": job["started_at"] + timedelta(milliseconds=10 * n),
        "level": ("info", "warning", "error")[0 if n % 50 else 1 + n % 2],
        "text": f"第 {n // 66 + 1} 片:已读 {n * 500:,} 行,写入 {n * 499:,} 行",
    }
