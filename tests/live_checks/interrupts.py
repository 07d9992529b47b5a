"""Ctrl-C, and signals that ask to end: they end the run, but not between making something and knowing that it is made."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class _Interrupts:
    """What the process has been asked."""

    def __init__(self) -> None:
        self.held = 0
        self.pending = False
        self.answer: Callable[[], None] | None = None

    def __call__(self, _number: int, _frame: object) -> None:
        if self.answer:
            self.answer()
        elif self.held:
            self.pending = True
        else:
            raise KeyboardInterrupt


_interrupts = _Interrupts()


def install() -> None:
    """From now on, signals that ask to end are Ctrl-C."""
    for number in SIGNALS:
        signal.signal(number, _interrupts)


@contextmanager
def held() -> Iterator[None]:
    """An interrupt comes when this has ended."""
    _interrupts.held += 1
    try:
        yield
    finally:
        _interrupts.held -= 1
    if _interrupts.pending and not _interrupts.held:
        _interrupts.pending = False
        raise KeyboardInterrupt


@contextmanager
def answered(answer: Callable[[], None]) -> Iterator[None]:
    """An interrupt gets an answer, and does nothing else."""
    _interrupts.answer = answer
    try:
        yield
    finally:
        _interrupts.answer = None
