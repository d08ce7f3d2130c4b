"""All contracts by kind, each imported when it is asked for: whoever judges chat needs none of the other families."""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import Generic, Protocol, TypeVar, cast

from chatschema.core.kind import Kind

from .contract import Contract
from .stream_judge import StreamContract

__all__ = ["CONTRACTS", "STREAMS", "Lazy", "contract_of", "stream_contract_of"]


class _OfAKind(Protocol):
    @property
    def kind(self) -> Kind: ...


FoundT = TypeVar("FoundT", bound=_OfAKind)


class Lazy(Mapping[Kind, FoundT], Generic[FoundT]):
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


#: Every JSON body that can be judged, by kind.
CONTRACTS: Mapping[Kind, Contract] = Lazy(
    {
        "chat.contract:COMPLETION": (Kind.COMPLETION,),
        "chat.stream.chunk:CHUNK": (Kind.CHUNK,),
        "chat.request.contract:CHAT_REQUEST": (Kind.CHAT_REQUEST,),
        "completions.contracts:COMPLETION_CONTRACTS": (
            Kind.TEXT,
            Kind.TEXT_CHUNK,
            Kind.TEXT_REQUEST,
        ),
        "embeddings.contracts:EMBEDDINGS_CONTRACTS": (
            Kind.EMBEDDINGS,
            Kind.EMBEDDINGS_REQUEST,
        ),
        "common.contracts:PLAIN_CONTRACTS": (Kind.MODEL, Kind.MODELS, Kind.ERROR),
        "lorax.native.contracts:NATIVE_CONTRACTS": (
            Kind.LORAX_GENERATE,
            Kind.LORAX_EVENT,
            Kind.LORAX_ERROR,
            Kind.LORAX_GENERATE_REQUEST,
            Kind.LORAX_ROOT,
            Kind.LORAX_INFO,
            Kind.LORAX_TOKENIZE,
            Kind.LORAX_TOKENIZE_REQUEST,
            Kind.LORAX_EMBED,
            Kind.LORAX_EMBED_REQUEST,
            Kind.LORAX_CLASSIFY,
            Kind.LORAX_CLASSIFY_REQUEST,
            Kind.LORAX_CLASSIFY_BATCH,
            Kind.LORAX_CLASSIFY_BATCH_REQUEST,
        ),
        "lorax.openai.contracts:OPENAI_CONTRACTS": (
            Kind.LORAX_CHAT,
            Kind.LORAX_CHAT_CHUNK,
            Kind.LORAX_CHAT_REQUEST,
            Kind.LORAX_TEXT,
            Kind.LORAX_TEXT_CHUNK,
            Kind.LORAX_TEXT_REQUEST,
            Kind.LORAX_EMBEDDINGS,
            Kind.LORAX_EMBEDDINGS_REQUEST,
        ),
        "responses.response.contract:RESPONSE": (Kind.RESPONSE,),
        "responses.events.contract:EVENT": (Kind.RESPONSE_EVENT,),
        "responses.request.contract:REQUEST": (Kind.RESPONSE_REQUEST,),
    }
)
#: Every stream that can be judged, by kind.
STREAMS: Mapping[Kind, StreamContract] = Lazy(
    {
        "chat.stream.judge:CHAT_STREAM": (Kind.STREAM,),
        "completions.stream:TEXT_STREAM": (Kind.TEXT_STREAM,),
        "lorax.streams.generate_judge:GENERATE_STREAM": (Kind.LORAX_STREAM,),
        "lorax.streams.openai_judge:LORAX_CHAT_STREAM": (Kind.LORAX_CHAT_STREAM,),
        "lorax.streams.openai_judge:LORAX_TEXT_STREAM": (Kind.LORAX_TEXT_STREAM,),
        "responses.stream.judge:RESPONSE_STREAM": (Kind.RESPONSE_STREAM,),
    }
)

# what is asked for all the time: a look-up that runs nothing of ours the second time
contract_of = cache(CONTRACTS.__getitem__)
stream_contract_of = cache(STREAMS.__getitem__)
