"""What a client declares, as it is written: in TOML by people, in JSON for programs."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, cast

from chatproof.history.model.policy import UNKNOWN, Declared, Policy, PolicyError, Unit, Unknown, Window

__all__ = ["policy_from_json", "policy_from_toml", "policy_to_json"]


def policy_from_toml(text: str) -> Policy:
    """The policy of a TOML file: the members of `Policy`, windows as `{messages = 10}`, unknown as "unknown".

    Raises:
        PolicyError: it is no TOML, a name is unknown, or a value cannot be.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PolicyError(f"it is no TOML: {error}") from None
    return _policy(table)


def policy_from_json(table: Mapping[str, Any]) -> Policy:
    """The same of a JSON object, in which null is what is not declared.

    Raises:
        PolicyError: a name is unknown, or a value cannot be.
    """
    return _policy({name: value for name, value in table.items() if value is not None})


def policy_to_json(policy: Policy) -> dict[str, Any]:
    """All members of a policy: a window as `{"messages": 10}`, unknown as "unknown", what is not declared as null."""
    return {one.name: _plain(getattr(policy, one.name)) for one in fields(policy)}


def _plain(value: Any) -> Any:
    match value:
        case Window(n=n, unit=unit):
            return {unit.value: n}
        case Unknown():
            return str(value)
        case tuple():
            names: list[Any] = [*value]
            return names
        case Mapping():
            table: dict[Any, Any] = {**value}
            return {str(name): str(one) for name, one in table.items()}
        case str():
            return str(value)
        case _:
            return value


def _policy(table: Mapping[str, Any]) -> Policy:
    names = [one.name for one in fields(Policy)]
    members: dict[str, Any] = {}
    for name, value in table.items():
        if name not in names:
            near = get_close_matches(name, names, n=3) or names
            raise PolicyError(f"nothing is declared by {name!r}; near are {', '.join(near)}")
        members[name] = _value(name, value)
    return Policy(**members)


_TYPES: Mapping[str, tuple[type, ...]] = {
    "system": (str,),
    "fates": (dict,),
    "tools": (int,),
    "persistent": (bool,),
    "many": (bool,),
    "tree": (bool,),
    "retries": (int,),
    "sticky": (bool,),
    "breaks_control_tokens": (bool,),
    "clears_results": (bool,),
    "timeout": (int, float),
}


def _value(name: str, value: Any) -> Any:
    if name in ("window", "cap"):
        return _window(name, value)
    if value == "unknown" and name in ("tools", "retries"):
        return UNKNOWN
    if name == "models":
        names: Sequence[Any] = cast("Sequence[Any]", value) if isinstance(value, list) else ()
        if not names or not all(isinstance(one, str) for one in names):
            raise PolicyError("models: a list of names")
        return tuple(names)
    right = _TYPES[name]
    if not isinstance(value, right) or (isinstance(value, bool) and bool not in right):
        raise PolicyError(f"{name} = {value!r}: it is {' or '.join(one.__name__ for one in right)}")
    return value


def _window(name: str, value: Any) -> Declared:
    if value == "none" or (value == "unknown" and name == "window"):
        return None if value == "none" else UNKNOWN
    members = cast("dict[str, Any]", value) if isinstance(value, dict) else {}
    if len(members) == 1:
        ((unit, n),) = members.items()
        if unit in tuple(Unit) and isinstance(n, int) and not isinstance(n, bool):
            return Window(n, Unit(unit))
    raise PolicyError(
        f'{name} = {value!r}: it is {{messages = 10}}, rounds, turns or tokens, "unknown" or "none"'
    )
