"""lorax-client: it reads what the strategies draw, and refuses the requests that the contract calls wrong.

It runs in an environment of its own, which `.ci/peers` makes.
"""

import json
import subprocess
from pathlib import Path
from typing import TypeVar

import pytest
from hypothesis import Phase, given, settings
from hypothesis.strategies import SearchStrategy

from chatproof.strategies.near.lorax.lorax import NEAR_LORAX
from chatproof.strategies.near.near_miss import Miss
from chatproof.strategies.valid.lorax import lorax
from chatschema import JsonObject, JsonValue, Kind

T = TypeVar("T")

PROGRAM = Path(__file__).with_name("lorax_program.py")

pytestmark = pytest.mark.peers

#: What the client checks before it sends. The router refuses more: the client lets pass what is not here, an empty
#: adapter beside merged ones among them.
REFUSED = {
    "no-inputs",
    "empty-inputs",
    "inputs-no-text",
    "parameters-null",  # null itself it takes: that is how it embeds
    "stream-null",
    "do-sample-of-another-type",
    "details-of-another-type",
    "decoder-input-details-of-another-type",
    "watermark-of-another-type",
    "ignore-eos-token-of-another-type",
    "stop-of-another-type",
    "return-full-text-of-another-type",
    "temperature-of-another-type",
    "max-new-tokens-of-another-type",
    "seed-of-another-type",
    "best-of-out-of-range",
    "temperature-out-of-range",
    "repetition-penalty-out-of-range",
    "top-k-out-of-range",
    "top-p-out-of-range",
    "typical-p-out-of-range",
    "truncate-out-of-range",
    "return-k-alternatives-out-of-range",
    "seed-out-of-range",
    "best-of-greedy",
    "best-of-greedy-by-null",
    "best-of-with-seed",
    "best-of-streamed",
    "best-of-zero",
    "best-of-zero-streamed",
    "two-adapters",
    "empty-adapter-and-merged",
    "no-merged-ids",
    "empty-merged-ids",
    "no-weights",
    "weights-null",
    "density-null",
    "unknown-merge-strategy",
    "unknown-sign-method",
    "unknown-source",
    "format-without-type",
    "unknown-format",
}


@pytest.fixture(scope="session")
def python(environments: Path) -> Path:
    """The Python of the client's environment."""
    found = environments / "lorax-client" / "bin" / "python"
    if not found.exists():
        pytest.skip(f"{environments} has no environment lorax-client; `.ci/peers` makes it")
    return found


def drawn(values: SearchStrategy[T], count: int = 100) -> list[T]:
    """The same values in every run."""
    found: list[T] = []

    @settings(max_examples=count, derandomize=True, database=None, phases=[Phase.generate])
    @given(values)
    def draw(value: T) -> None:
        found.append(value)

    draw()
    return found


def refusals(python: Path, form: str, values: list[JsonValue]) -> list[str | None]:
    """What the client says to each value: None where it takes it."""
    lines = "".join(json.dumps({"form": form, "value": value}) + "\n" for value in values)
    done = subprocess.run(
        [str(python), str(PROGRAM)],
        input=lines,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    found: list[str | None] = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(values)
    return found


def has_null_logprob(value: JsonValue) -> bool:
    """The client's tokens have a number there; LoRAX sends null where it is none."""
    match value:
        case {"logprob": None, "special": _}:
            return True
        case {"alternative_tokens": [*_] as rivals} if any(map(_is_unsure, rivals)):
            return True
        case dict():
            return any(map(has_null_logprob, value.values()))
        case list():
            return any(map(has_null_logprob, value))
        case _:
            return False


def _is_unsure(rival: JsonValue) -> bool:
    return isinstance(rival, dict) and rival.get("logprob") is None


@pytest.mark.parametrize(
    ("form", "values"),
    [
        ("Response", lorax.generate_responses()),
        ("Response", lorax.best_of_responses()),
        ("StreamResponse", lorax.generate_events()),
    ],
)
def test_client_reads_whatever_is_drawn_but_for_a_token_without_log_probability(
    python: Path, form: str, values: SearchStrategy[JsonValue]
) -> None:
    bodies = drawn(values)
    for body, refusal in zip(bodies, refusals(python, form, bodies), strict=True):
        assert (refusal is not None) == has_null_logprob(body), refusal


def test_client_reads_vectors_and_entities(python: Path) -> None:
    assert set(refusals(python, "EmbedResponse", drawn(lorax.embed_responses()))) == {None}
    assert set(refusals(python, "ClassifyResponse", drawn(lorax.classify_responses()))) == {None}


def test_client_refuses_the_requests_that_it_checks(python: Path) -> None:
    near = [miss for miss in NEAR_LORAX.values() if miss.kind is Kind.LORAX_GENERATE_REQUEST]
    asked = [(one.name.partition("/")[2], _data(miss)) for one in near for miss in drawn(one.misses, 10)]
    told = refusals(python, "Request", [value for _, value in asked])
    refused = {name for (name, _), refusal in zip(asked, told, strict=True) if refusal is not None}
    assert refused == REFUSED


def test_client_takes_most_requests_that_the_contract_takes(python: Path) -> None:
    # it has no top_p of 1, no source in capitals and no format but a whole JSON object's
    bodies = [body for body in drawn(lorax.generate_requests()) if not _beyond(body)]
    assert len(bodies) > 40
    assert set(refusals(python, "Request", [*bodies])) == {None}


def _beyond(request: JsonObject) -> bool:
    parameters = request.get("parameters")
    if not isinstance(parameters, dict):
        return False
    only_router = {"response_format", "merged_adapters", "top_p", "return_full_text"}
    return bool(parameters.keys() & only_router) or parameters.get("adapter_source") == "LOCAL"


def _data(miss: Miss) -> JsonValue:
    assert not isinstance(miss.data, bytes)
    return miss.data
