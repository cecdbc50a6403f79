"""Takes over what lies in the drop folder of cases, and lets staff know while something there could not be."""

import hashlib
import logging
from collections import Counter
from datetime import tzinfo
from pathlib import Path

from queue_core.case_drop import CaseDrop, FolderUnusable
from queue_core.case_file import case_news
from queue_core.casework.casework import Casework, OtherSecret
from queue_core.domain.cases import Effect
from queue_core.store.audit import Audit
from queue_core.store.case_files import CaseFilesFailed
from queue_core.table_file import FileInvalid

log = logging.getLogger(__name__)

#: Who did it, in the audit log.
DROPPED = "drop folder"
_DIGEST_CHARACTERS = 16


def is_worth_a_look(folder: Path) -> bool:
    """Also where the folder is unusable: somebody has to be told."""
    try:
        return CaseDrop(folder).has_work()
    except FolderUnusable:
        return True


class CaseTaking:
    """`time_zone`: of times without an offset."""

    def __init__(
        self, drop: CaseDrop, work: Casework, time_zone: tzinfo, audit: Audit, failed: CaseFilesFailed
    ) -> None:
        self._drop, self._work, self._time_zone, self._audit, self._failed = drop, work, time_zone, audit, failed

    async def run(self) -> None:
        """A store that is away meanwhile, or another secret, leaves the files where they are."""
        try:
            for taken in await self._drop.take(self._import):
                if taken.fault:
                    log.error("a file of cases was not taken over: %s; its report is in failed/", taken.fault)
            since_s = self._drop.failed_since_s()
        except (FolderUnusable, OtherSecret) as e:
            log.error("files of cases are not taken over: %s", e)
            since_s = self._work.now_ms() / 1000
        await (self._failed.end() if since_s is None else self._failed.tell(round(1000 * since_s)))

    async def _import(self, content: bytes, name: str) -> str:
        """The audit knows the file by its content: names and faults of files may say too much."""
        digest = hashlib.sha256(content).hexdigest()[:_DIGEST_CHARACTERS]
        try:
            pushed = case_news(content, name, self._work.rules, self._time_zone, self._work.now_ms())
        except FileInvalid:
            await self._audit.append(DROPPED, "case_file_refused", digest)
            raise
        effects = Counter(await self._work.push(pushed, DROPPED) if pushed else ())
        await self._audit.append(DROPPED, "case_file_taken", digest)
        return summary(effects)


def summary(effects: Counter[Effect]) -> str:
    return ", ".join(f"{effects[effect]} {effect}" for effect in Effect)
