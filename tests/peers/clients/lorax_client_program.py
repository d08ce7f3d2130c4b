"""A program on lorax-client, which speaks LoRAX's own routes and none of OpenAI's."""

import importlib
from typing import Any

from tests.peers.clients.reporting import QUESTION, At, done, report, streamed

# by name, for the tests' own environment does not have it
lorax: Any = importlib.import_module("lorax")


def named(at: At) -> dict[str, Any]:
    # it posts to the address itself, without a path
    return {"base_url": at.base_url.removesuffix("/v1"), "headers": {"Authorization": f"Bearer {at.api_key}"}}


def client(at: At) -> Any:
    return lorax.Client(**named(at))


def async_client(at: At) -> Any:
    return lorax.AsyncClient(**named(at))


def generate(at: At) -> Any:
    answer = client(at).generate(QUESTION, adapter_id="some/adapter", max_new_tokens=64)
    return {"text": answer.generated_text, "tokens": len(answer.details.tokens)}


def text_of(piece: Any) -> str:
    return "" if piece.token.special else str(piece.token.text)


def generate_stream(at: At) -> Any:
    pieces = list(client(at).generate_stream(QUESTION, adapter_id="some/adapter", max_new_tokens=64))
    return streamed([text_of(one) for one in pieces], whole=pieces[-1].generated_text)


def generate_async(at: At) -> Any:
    answer = done(async_client(at).generate(QUESTION, adapter_id="some/adapter", max_new_tokens=64))
    return {"text": answer.generated_text}


def generate_stream_async(at: At) -> Any:
    async def ask() -> list[str]:
        pieces = async_client(at).generate_stream(QUESTION, adapter_id="some/adapter", max_new_tokens=64)
        return [text_of(one) async for one in pieces]

    return streamed(done(ask()))


def embed(at: At) -> Any:
    first, second, other = (client(at).embed(text).embeddings for text in ("Hello", "Hello", "Rain"))
    return {"lengths": [len(one) for one in (first, second, other)], "alike": first == second != other}


def classify(at: At) -> Any:
    return {"entities": len(client(at).classify(QUESTION).entities)}


if __name__ == "__main__":
    report(
        "lorax-client",
        {
            "generate": generate,
            "generate stream": generate_stream,
            "generate async": generate_async,
            "generate stream async": generate_stream_async,
            "embed native": embed,
            "classify": classify,
        },
    )
