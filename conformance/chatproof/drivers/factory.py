"""From `module:Factory` or `path/to/file.py:Factory` to the callable that builds clients."""

import importlib
import importlib.util
import sys
from collections.abc import Callable
from difflib import get_close_matches
from functools import reduce
from pathlib import Path
from types import ModuleType
from typing import Any, cast

from chatproof.history.model.endpoint import CannotBuildError, ClientFactory, told

__all__ = ["load_factory"]


def load_factory(target: str) -> ClientFactory:
    """The callable that a target names; the part behind the colon may have dots.

    The current folder, or that of the file, is importable from then on.

    Raises:
        CannotBuildError: there is no such module, file or name, importing it failed, or it is not callable.
    """
    where, colon, name = target.rpartition(":")
    if not (where and colon and name):
        raise CannotBuildError(
            f"{target!r} names no factory: write module:Factory or path/to/file.py:Factory"
        )
    module = _file(Path(where)) if where.endswith(".py") else _module(where)
    try:
        factory = reduce(getattr, name.split("."), cast("Any", module))
    except AttributeError:
        near = get_close_matches(name, [known for known in vars(module) if not known.startswith("_")])
        hint = f"; near are {', '.join(near)}" if near else ""
        raise CannotBuildError(f"there is no {name} in {where}{hint}") from None
    if not callable(factory):
        raise CannotBuildError(
            f"{target} is a {type(factory).__name__}, and cannot be called with an endpoint"
        )
    return cast("ClientFactory", factory)


def _module(name: str) -> ModuleType:
    module: ModuleType = _imported(name, Path.cwd(), lambda: importlib.import_module(name))
    return module


def _file(path: Path) -> ModuleType:
    if not path.is_file():
        raise CannotBuildError(f"there is no file {path}")
    name = f"chatproof_target_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise CannotBuildError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickles look their module up there
    loader = spec.loader
    _imported(str(path), path.resolve().parent, lambda: loader.exec_module(module))
    return module


def _imported(name: str, folder: Path, load: Callable[[], Any]) -> Any:
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))
    try:
        return load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # a SystemExit at import too
        raise CannotBuildError(f"importing {name} raised {told(error)}") from error
