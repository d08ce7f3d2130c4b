"""Contracts by kind, each imported when it is asked for: whoever judges chat needs none of the other families."""

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Generic, Protocol, TypeVar, cast

from chatschema.core.kind import Kind

__all__ = ["OnDemand"]


class _OfAKind(Protocol):
    @property
    def kind(self) -> Kind: ...


FoundT = TypeVar("FoundT", bound=_OfAKind)


class OnDemand(Mapping[Kind, FoundT], Generic[FoundT]):
    """`module:NAME` -> the kinds of the contract, or the contracts, that have this name there."""

    def __init__(self, places: Mapping[str, tuple[Kind, ...]]) -> None:
        self._places = {kind: place for place, kinds in places.items() for kind in kinds}
        self._found: dict[Kind, FoundT] = {}

    def __getitem__(self, kind: Kind) -> FoundT:
        if kind not in self._found:
            module, _, name = self._places[kind].partition(":")
            found = getattr(import_module(f"chatschema.{module}"), name)
            contracts = cast("tuple[FoundT, ...]", found if isinstance(found, tuple) else (found,))
            self._found.update({contract.kind: contract for contract in contracts})
        return self._found[kind]

    def __contains__(self, kind: object) -> bool:
        return kind in self._places  # Mapping's own would import what it finds

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)
