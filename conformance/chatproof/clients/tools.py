"""Functions that a model may call: how they are described to it, and what it is told of each call."""

from collections.abc import Callable, Mapping
from typing import Any, cast

from pydantic import TypeAdapter, ValidationError
from pydantic_core import to_json

from chatproof.clients.answers import Call
from chatproof.clients.messages import tool_result
from chatproof.history.model.endpoint import told
from chatschema import JsonObject

__all__ = ["Tools"]


class Tools:
    """Functions by name. Their annotations are the schema that arguments are held to, their docstring tells of them."""

    def __init__(self, functions: Mapping[str, Callable[..., Any]]) -> None:
        # pydantic reads a function as a type: validating arguments calls it
        adapters: dict[str, TypeAdapter[Any]] = {
            name: TypeAdapter(cast("Any", function)) for name, function in functions.items()
        }
        self._functions = {name: (function, adapters[name]) for name, function in functions.items()}

    def __bool__(self) -> bool:
        return bool(self._functions)

    @property
    def definitions(self) -> list[JsonObject]:
        """The member `tools` of a request."""
        return [
            {
                "type": "function",
                "function": {
                    "name": name,
                    "description": function.__doc__ or name,
                    "parameters": adapter.json_schema(),
                },
            }
            for name, (function, adapter) in self._functions.items()
        ]

    def results(self, calls: tuple[Call, ...]) -> list[JsonObject]:
        """One message for each call, in order. What goes wrong is a result too: the model can do better then."""
        return [tool_result(call.id, self._result(call)) for call in calls]

    def _result(self, call: Call) -> str:
        if call.name not in self._functions:
            return f"Error: there is no tool {call.name!r}; there are {', '.join(self._functions)}"
        _, adapter = self._functions[call.name]
        try:
            result = adapter.validate_json(call.arguments)
            return result if isinstance(result, str) else to_json(result).decode()
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, one['loc']))} {one['msg']}".strip() for one in error.errors()
            )
            return f"Error: the arguments are not what the tool takes: {wrong}"
        except Exception as error:  # noqa: BLE001  the tool's own fault
            return f"Error: {told(error)}"
