"""When the watchdog ends the program, look by look, and when it does not."""

import os
import pty
import threading
from contextlib import suppress

import pytest

from screens import watchdog
from screens.watchdog import FULL, GONE, GRACE, LEAVING, STILL, STUCK, Judge, Pulse, Watchdog


class Clock:
    """Seconds that a test sets."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def pulse_of(clock: Clock) -> Pulse:
    pulse = Pulse(180, 36_000, clock)
    pulse.beating = True
    return pulse


def verdict(pulse: Pulse, looks: int, *, takes: bool = True, beats: bool = True) -> tuple[int, int]:
    """The first exit code within so many looks, and at which look; zeros if there was none."""
    judge = Judge()
    judge.look(pulse, takes=True)
    for number in range(1, looks + 1):
        pulse.beats += beats
        if code := judge.look(pulse, takes):
            return code, number
    return 0, 0


def test_an_app_that_beats_and_is_used_is_left_alone() -> None:
    assert verdict(pulse_of(Clock()), 10 * STILL) == (0, 0)


def test_a_loop_that_stands_still_before_a_terminal_that_takes_nothing_ends_within_5_seconds() -> None:
    assert verdict(pulse_of(Clock()), STILL, takes=False, beats=False) == (STUCK, FULL)
    assert FULL * watchdog.LOOK < 5


def test_long_work_alone_ends_nothing_for_a_minute() -> None:
    assert verdict(pulse_of(Clock()), 2 * STILL, beats=False) == (STUCK, STILL)


def test_a_terminal_that_takes_nothing_for_a_minute_ends_it_though_the_loop_runs() -> None:
    assert verdict(pulse_of(Clock()), 2 * STILL, takes=False) == (STUCK, STILL)


def test_before_the_app_runs_and_after_it_nothing_is_expected_of_it() -> None:
    pulse = pulse_of(Clock())
    pulse.beating = False
    assert verdict(pulse, 3 * STILL, takes=False, beats=False) == (0, 0)


@pytest.mark.parametrize("idle", [True, False])
def test_a_lock_that_is_due_and_does_not_come_ends_it(idle: bool) -> None:
    clock = Clock()
    pulse = pulse_of(clock)
    clock.now = 179 if idle else 35_999
    pulse.touched = 0 if idle else clock.now
    assert verdict(pulse, GRACE + 1) == (0, 0)
    clock.now += 1
    assert verdict(pulse, GRACE + 1) == (STUCK, GRACE - 1)  # one look was before these
    pulse.locked = True
    assert verdict(pulse, 10 * STILL) == (0, 0)
    pulse.signed_in()
    assert not pulse.lock_due()


def test_a_lock_that_comes_in_time_is_a_lock() -> None:
    clock = Clock()
    pulse, judge = pulse_of(clock), Judge()
    clock.now = 180
    for number in range(10 * GRACE):
        pulse.beats += 1
        pulse.locked = number >= GRACE - 2
        assert judge.look(pulse, takes=True) == 0


def test_a_signal_that_the_loop_does_not_obey_is_obeyed_by_the_watchdog() -> None:
    pulse = pulse_of(Clock())
    pulse.leaving = 143
    assert verdict(pulse, 2 * LEAVING, takes=False, beats=False)[0] == 143


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watchdog, "LOOK", 0.01)


def watched(fds: list[int], pulse: Pulse | None = None) -> tuple[Watchdog, list[int], threading.Event]:
    codes: list[int] = []
    ended = threading.Event()

    def leave(code: int) -> None:
        codes.append(code)
        ended.set()

    dog = Watchdog(fds, leave)
    dog.pulse = pulse
    dog.start()
    return dog, codes, ended


def test_a_hang_up_is_told_without_any_app(quick: None) -> None:
    outside, inside = pty.openpty()
    dog, codes, ended = watched([inside])
    assert not ended.wait(0.05)
    os.close(outside)
    assert ended.wait(5)
    assert codes == [GONE]
    dog.join()
    os.close(inside)


def test_a_stuck_screen_is_wiped_before_the_end(quick: None) -> None:
    outside, inside = pty.openpty()
    clock = Clock()
    pulse = pulse_of(clock)
    clock.now = 500
    dog, codes, ended = watched([inside], pulse)
    assert ended.wait(5)
    assert codes == [STUCK]
    dog.join()
    seen = os.read(outside, 4096)
    assert b"\x1b[?1049l" in seen
    assert b"did not answer" in seen
    for fd in (outside, inside):
        os.close(fd)


def test_a_full_terminal_does_not_keep_the_watchdog(quick: None) -> None:
    outside, inside = pty.openpty()
    os.set_blocking(inside, False)
    with suppress(BlockingIOError):
        while True:
            os.write(inside, b"x" * 1024)
    os.set_blocking(inside, True)
    dog, codes, ended = watched([inside], pulse_of(Clock()))
    assert ended.wait(5)
    assert codes == [STUCK]
    dog.join()
    os.close(outside)
    os.close(inside)
