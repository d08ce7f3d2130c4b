"""Real exchanges of all kinds: what OpenAI sends is valid, and what others break is known and explained.

`CHATPROOF_CORPUS` is a gzipped file and `CHATPROOF_RECORDINGS` a folder of files with one JSON object a line; both
hold other people's data and are no part of the project. What docs/deviations.md says of them is made by the same
code that these tests ask, `tools/deviation_count`.
"""

import gzip
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from chatschema import ChatCompletion, check
from chatschema.deviations import RECORDED
from chatschema.deviations.table import DEVIATIONS
from chatschema.judging.catalogue import STREAMS
from tests.schemas.test_properties import same
from tools.deviation_count.exceptions import EXCEPTIONS
from tools.deviation_count.exchange import Exchange, digest, read_corpus, read_recordings
from tools.deviation_count.page import page
from tools.deviation_count.tally import Sums, count

PAGE = Path(__file__).parents[2] / "docs" / "deviations.md"
STALE = "run `python -m tools.count_deviations CORPUS RECORDINGS`"


def corpus() -> Path:
    place = os.environ.get("CHATPROOF_CORPUS")
    if not place:
        pytest.skip("CHATPROOF_CORPUS names no corpus of recorded exchanges")
    return Path(place)


def folder() -> Path:
    place = os.environ.get("CHATPROOF_RECORDINGS")
    if not place:
        pytest.skip("CHATPROOF_RECORDINGS names no folder of recorded servers")
    return Path(place)


def exchanges() -> Iterator[dict[str, Any]]:
    """The corpus, line by line as it is."""
    with gzip.open(corpus(), "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def recordings() -> Iterator[dict[str, Any]]:
    """The recordings, line by line as they are."""
    for path in sorted(folder().glob("*.jsonl")):
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)


@cache
def recorded() -> tuple[Exchange, ...]:
    """Both, as what they are judged as."""
    return *read_corpus(corpus()), *read_recordings(folder())


@cache
def sums() -> Sums:
    return count(recorded())


def made_from() -> str:
    """Which exchanges the page was made from; skips where those at hand are others."""
    mark = f"<!-- made from {digest(corpus(), folder())} -->"
    if mark not in PAGE.read_text(encoding="utf-8"):
        pytest.skip("docs/deviations.md was made from other recordings than those at hand")
    return mark


def openai_and_azure() -> Iterator[Exchange]:
    for exchange in recorded():
        if (
            exchange.vendor in ("OpenAI", "Azure")
            and exchange.origin == "cassette"
            and exchange.kind is not None
        ):
            yield exchange


def test_recorded_openai_and_azure_of_every_kind_are_valid_but_for_the_named_exceptions() -> None:
    broken = sums().providers["OpenAI"].broken | sums().providers["Azure"].broken
    assert broken <= set(EXCEPTIONS)
    there = [one.id for one in openai_and_azure()]
    # an exception that is none any more has to go
    assert broken == set(EXCEPTIONS) & set(there)
    assert len(there) > 1000


def test_every_must_that_anyone_breaks_is_explained() -> None:
    made_from()
    unexplained = [(one.name, sign) for one in sums().providers.values() for sign in one.unexplained]
    assert unexplained == []


def test_every_row_that_claims_recordings_is_met_in_them() -> None:
    made_from()
    met = {name for one in sums().providers.values() for name in one.findings}
    members = {(one.vendor, place) for one in sums().providers.values() for place in one.members}
    met |= {
        row.id
        for row in DEVIATIONS
        for vendor in row.vendors
        for sign in row.signs
        if (vendor, sign) in members
    }
    assert {row.id for row in DEVIATIONS if RECORDED in row.sources} - met == set()


def test_rows_of_one_sign_stand_in_the_order_of_how_often_they_were_recorded() -> None:
    made_from()
    often: dict[tuple[str, str], int] = {}
    for provider in sums().providers.values():
        for name, found in provider.findings.items():
            for sign, names in found.signs.items():
                often[name, sign] = often.get((name, sign), 0) + len(names)
    order: dict[str, list[int]] = {}
    for row in DEVIATIONS:
        for sign in row.signs:
            if " " in sign:
                order.setdefault(f"{row.kinds} {sign} {row.seen}", []).append(often.get((row.id, sign), 0))
    assert {sign: counts for sign, counts in order.items() if counts != sorted(counts, reverse=True)} == {}


def test_page_on_deviations_is_what_the_command_makes() -> None:
    made_from()
    assert PAGE.read_text(encoding="utf-8") == page(sums(), digest(corpus(), folder())), STALE


def test_page_holds_no_body_of_anybody() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert "data: {" not in text
    assert '"choices"' not in text


def test_recorded_openai_chat_comes_back_from_the_models_as_it_was() -> None:
    for exchange in openai_and_azure():
        if exchange.endpoint == "chat" and exchange.form == "json" and exchange.id not in EXCEPTIONS:
            value = json.loads(exchange.body)
            parsed = ChatCompletion.model_validate(value)
            assert same(parsed.model_dump(mode="json", by_alias=True, exclude_unset=True), value)


def test_recorded_exchange_of_anyone_is_judged_untold_and_openai_is_known_for_what_it_is() -> None:
    known = {one.id for one in openai_and_azure()}
    for exchange in recorded():
        kind = check(exchange.body).kind
        assert exchange.id not in known or kind == exchange.kind, exchange.id


def test_recorded_server_is_judged_and_its_chat_is_known_and_valid() -> None:
    judged = 0
    for recording in recordings():
        body = recording["response"].get("body") or ""
        judgement = check(body.encode())
        judged += 1
        if recording["response"]["status"] == 200 and '"object":"chat.completion"' in body:
            assert judgement.kind == "chat.completion"
            assert judgement.valid, (recording["server"], recording["case"], judgement.violations)
    assert judged


def test_recorded_stream_that_is_cut_anywhere_is_judged_and_never_done() -> None:
    streams = [one for one in recorded() if one.kind in STREAMS and one.origin == "recording"]
    for number, exchange in enumerate(streams):
        cut = exchange.body[: len(exchange.body) * (number % 10) // 10]
        assert not check(cut, exchange.kind).valid, exchange.id
