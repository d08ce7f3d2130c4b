"""What can be done to an answer on its way, by name; any can be laid over any scenario."""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

# each of these files puts its faults into the registry
from chatfake.faults import bodies, connection, status, stream_chunk, stream_end, stream_frame, timing
from chatfake.faults.fault import LARGEST, REGISTRY, Fault

__all__ = ["FAULTS", "Fault", "fault_named"]

_FILES = (status, bodies, connection, timing, stream_end, stream_frame, stream_chunk)

#: Every fault by name. `http-400` to `http-599` all exist; those with a body of their own are listed.
FAULTS: Mapping[str, Fault] = MappingProxyType(REGISTRY)


def fault_named(written: str) -> Fault | None:
    """The fault that is written so: `http-503`, `delay-first-byte=2.5`; None where there is none."""
    name, equals, number = written.partition("=")
    found = FAULTS.get(name)
    if found is None:
        digits = name.removeprefix("http-")
        known = (
            name.startswith("http-") and digits.isdecimal() and len(digits) == 3 and "400" <= digits < "600"
        )
        found = status.status_fault(int(digits)) if known else None
    if found is None or not equals:
        return found
    value = _number(number)
    if found.measure is None or value is None:
        return None
    return replace(found, value=value, apply=found.measure.with_value(value))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if 0 <= value <= LARGEST else None
