"""What fails is tried again, less and less often; each failure is told once."""

import pytest

from queue_core.forecaster.attempts import FIRST_PAUSE_S, LONGEST_PAUSE_S, Attempts


def fail(attempts: Attempts, now_s: float, words: str = "broken") -> None:
    with attempts.at(now_s):
        raise RuntimeError(words)


def test_pauses_grow_up_to_a_bound_and_a_success_ends_them() -> None:
    attempts, now_s, pauses = Attempts("it"), 0.0, []
    for _ in range(9):
        assert attempts.due(now_s)
        fail(attempts, now_s)
        pauses.append(attempts.pause_s)
        assert not attempts.due(now_s + attempts.pause_s - 0.001)
        now_s += attempts.pause_s
    assert pauses == [FIRST_PAUSE_S, 10, 20, 40, 80, 160, LONGEST_PAUSE_S, LONGEST_PAUSE_S, LONGEST_PAUSE_S]
    with attempts.at(now_s):
        pass
    assert attempts.due(now_s)
    fail(attempts, now_s)
    assert attempts.pause_s == FIRST_PAUSE_S


def test_the_same_failure_is_told_in_full_once_and_another_one_too(caplog: pytest.LogCaptureFixture) -> None:
    attempts = Attempts("it")
    for words in ("broken", "broken", "torn"):
        fail(attempts, 0.0, words)
    assert [record.exc_info is not None for record in caplog.records] == [True, False, True]
    assert caplog.records[0].message == "it failed (RuntimeError('broken')); it is tried again in 5 s"


def test_who_is_cancelled_is_cancelled() -> None:
    attempts = Attempts("it")
    with pytest.raises(KeyboardInterrupt), attempts.at(0.0):
        raise KeyboardInterrupt
    assert attempts.due(0.0)
