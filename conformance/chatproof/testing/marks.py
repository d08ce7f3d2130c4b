"""The marks of cases: `-m 'must and history'` chooses by level and group.

They are registered where cases are collected, so that they mean nothing in a project that has none.
"""

from collections.abc import Iterable, Iterator

import pytest

from chatproof.cases import Case, Level

__all__ = ["parameters"]


def parameters(config: pytest.Config, cases: Iterable[Case]) -> list[object]:
    """A parameter for each case, with its marks, which are registered."""
    found = list(cases)
    _register(config, found)
    return [pytest.param(one.id, marks=[getattr(pytest.mark, name) for name in _names(one)]) for one in found]


def _names(case: Case) -> Iterator[str]:
    """The level, and the group with what it is a part of: `must`, `chat`, `chat.sse`."""
    yield case.level.value
    parts = case.group.split(".")
    yield from (".".join(parts[: n + 1]) for n in range(len(parts)))


def _register(config: pytest.Config, cases: Iterable[Case]) -> None:
    known = {line.partition(":")[0].strip() for line in config.getini("markers")}
    levels = set(Level)
    for name in dict.fromkeys(name for case in cases for name in _names(case)):
        if name not in known:
            what = "of this level" if name in levels else "of this group"
            config.addinivalue_line("markers", f"{name}: cases of chatproof {what}")
