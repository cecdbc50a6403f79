"""The turns on the processor that the embedded store asks for."""

import ctypes
import os
import platform
import struct
import subprocess
import sys

import pytest

from queue_core.store.embedded.turns import TURN_NS, shorten_turns

_SCHED_GETATTR = {"x86_64": 315, "aarch64": 275}
_SIZE, _RUNTIME_AT = 48, 24
_SINCE = (6, 12)

pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or platform.machine() not in _SCHED_GETATTR, reason="there is no such call here"
)


def _turn_ns(pid: int) -> int:
    attributes = ctypes.create_string_buffer(_SIZE)
    number = _SCHED_GETATTR[platform.machine()]
    assert ctypes.CDLL(None, use_errno=True).syscall(number, pid, attributes, _SIZE, 0) == 0
    (runtime,) = struct.unpack_from("=Q", attributes.raw, _RUNTIME_AT)
    return int(runtime)


def test_a_process_gets_short_turns_and_keeps_its_priority() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        nice = os.getpriority(os.PRIO_PROCESS, child.pid)
        shorten_turns(child.pid)
        release = tuple(int(part) for part in platform.release().split(".")[:2])
        assert _turn_ns(child.pid) == (TURN_NS if release >= _SINCE else 0)
        assert os.getpriority(os.PRIO_PROCESS, child.pid) == nice


def test_a_process_that_has_gone_is_said() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        child.wait()
    with pytest.raises(ProcessLookupError):
        shorten_turns(child.pid)
