"""Short turns on the processor for the store: it wakes often, works for microseconds, and everybody waits for it.

A process that writes to thousands of viewers on the same core would else finish its own turn of milliseconds each time
before the store may answer. Linux takes the length of an ordinary process's turn from `sched_setattr(2)` since 6.12;
older kernels take the call and change nothing.
"""

import ctypes
import os
import platform
import struct
import sys

TURN_NS = 100_000
_SCHED_SETATTR = {"x86_64": 314, "aarch64": 274}
#: struct sched_attr: size, policy, flags, nice, priority, runtime, deadline, period.
_ATTRIBUTES = struct.Struct("=IIQiIQQQ")


def shorten_turns(pid: int) -> None:
    """Raises `OSError` where the kernel refuses; does nothing where there is no such call."""
    number = _SCHED_SETATTR.get(platform.machine()) if sys.platform == "linux" else None
    if number is None:
        return
    nice = os.getpriority(os.PRIO_PROCESS, pid)
    attributes = _ATTRIBUTES.pack(_ATTRIBUTES.size, os.SCHED_OTHER, 0, nice, 0, TURN_NS, 0, 0)
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.syscall(number, pid, attributes, 0) != 0:
        raise OSError(ctypes.get_errno(), "sched_setattr")
