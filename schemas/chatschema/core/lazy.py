"""Faces whose names are imported when they are used, as in Scientific Python's SPEC 1."""

import ast
import sys
from collections.abc import Callable
from importlib import import_module
from pkgutil import get_data
from typing import TypeAlias

__all__ = ["lazy"]

_Face: TypeAlias = tuple[list[str], Callable[[str], object], Callable[[], list[str]]]


def lazy(package: str) -> _Face:
    """`__all__`, `__getattr__` and `__dir__` of a package whose names stand in its stub `__init__.pyi` alone.

    Each line of the stub is `from .module import name as name`, or `from . import module as module`.
    """
    homes = {
        alias.name: node.module
        for node in ast.parse(get_data(package, "__init__.pyi") or b"").body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }

    def get(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        module = homes[name]
        if module is None:
            return import_module(f"{package}.{name}")
        found: object = getattr(import_module(f"{package}.{module}"), name)
        vars(sys.modules[package])[name] = found  # the next look-up runs nothing of ours
        return found

    return sorted(homes), get, lambda: sorted(homes)
