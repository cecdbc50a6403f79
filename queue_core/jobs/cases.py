"""Applications: taken from a folder, forgotten in time."""

import logging

from queue_core.case_drop import CaseDrop
from queue_core.case_taking import CaseTaking, is_worth_a_look
from queue_core.casework.casework import case_office
from queue_core.casework.door import ADDRESS_PATIENCE, CASE_PATIENCE
from queue_core.casework.purge import purge_cases
from queue_core.jobs.bench import Bench, run
from queue_core.real_clock import real_ms
from queue_core.settings import load_settings
from queue_core.store.audit import Audit
from queue_core.store.case_files import CaseFilesFailed
from queue_core.store.case_tries import of_addresses, of_cases
from queue_core.store.cases import CaseStore
from queue_core.web.secret import load_secret

log = logging.getLogger(__name__)


def take_case_files() -> None:
    """Takes over what a case system has put into its folder."""
    folder = load_settings().cases_drop
    if folder and is_worth_a_look(folder):
        run(_take_case_files)


def forget_cases() -> None:
    """Erases applications that ended long enough ago, on disk too."""
    run(_forget_cases)


async def _take_case_files(bench: Bench) -> None:
    folder, audit, zone = bench.settings.cases_drop, Audit(bench.store.client), next(iter(bench.office.values()))
    if folder:
        work = case_office(bench.cases, bench.store, load_secret(bench.settings), audit).work
        failed = CaseFilesFailed(bench.store.client)
        await CaseTaking(CaseDrop(folder), work, zone.time_zone, audit, failed).run()


async def _forget_cases(bench: Bench) -> None:
    rewrite_log = bench.records(next(iter(bench.office))).rewrite_log
    client = bench.store.client
    for tries in (of_cases(client, CASE_PATIENCE), of_addresses(client, ADDRESS_PATIENCE)):
        await tries.forget_old()
    gone = await purge_cases(CaseStore(client), bench.cases, real_ms(), rewrite_log)
    if gone:
        log.info("erased %d cases", gone)
