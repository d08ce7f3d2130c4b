"""Where a violation is likely to come from: the vendors who are known to deviate in this way."""

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, Protocol

from chatschema import Violation

__all__ = ["origins"]


class _Deviation(Protocol):
    @property
    def sentence(self) -> str: ...


def origins(violation: Violation) -> tuple[str, ...]:
    """A sentence for each vendor that is known for this; none where nobody is."""
    return tuple(deviation.sentence for deviation in _known()(violation))


def _known() -> Callable[[Violation], Iterable[_Deviation]]:
    try:
        known: Any = import_module("chatschema.deviations").known
    except ImportError:
        return lambda _violation: ()
    return known  # type: ignore[no-any-return]
