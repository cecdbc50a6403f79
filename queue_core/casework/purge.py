"""Forgetting cases by rule, on the disk too, and lengths of stages that are too old to say what is usual."""

from collections.abc import Awaitable, Callable

from queue_core.casework.casework import LENGTHS_KEPT_MS
from queue_core.domain.cases import Case, CaseRules
from queue_core.store.cases import CaseStore

_AT_ONCE = 500


async def purge_cases(
    store: CaseStore, rules: CaseRules, now_ms: int, rewrite_log: Callable[[], Awaitable[None]]
) -> int:
    """How many were erased. A run that dies before the rewriting is completed by the next one."""

    def is_due(case: Case) -> bool:
        return case.is_due(rules, now_ms)

    due = [key async for key, case in store.each() if is_due(case)]
    gone = 0
    for first in range(0, len(due), _AT_ONCE):
        gone += await store.erase(due[first : first + _AT_ONCE], is_due)
    await store.forget_stays(now_ms - LENGTHS_KEPT_MS)
    if times := await store.erasing():
        await rewrite_log()
        await store.forgotten(times)
    return gone
