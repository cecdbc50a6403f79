"""How much of this machine is left for us: other work on it must not decide whether a promise of time holds."""

import time

WORK_CPU_S = 0.03


def contention() -> float:
    """Wall time over CPU time of a short piece of work: 1 on an idle machine, n where n want the same core."""
    begun_s, begun_cpu_s = time.perf_counter(), time.process_time()
    while (used_s := time.process_time() - begun_cpu_s) < WORK_CPU_S:
        pass
    return max(1.0, (time.perf_counter() - begun_s) / used_s)
