"""What is said of an observation: typed, where it is, without a key, and in a log."""

import json
import logging
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

import chatproof.guard
from chatproof.guard import ContractError, Observation, Side, log, raise_must, report
from chatproof.guard.keys import gate_of, keys_of
from chatschema import Level, Violation
from tests.guard.driving import JSON, URL, WAYS, Answer, Way
from tests.schemas.samples import broken, completion

KEY = "gateway key/0123456789+abcdef"
EMPTY = json.dumps(broken(completion(), "choices", [])).encode()


def violation(level: Level = Level.MUST, **members: str) -> Violation:
    words = {"rule": "r", "path": "$", "message": "m", "expected": "e", "seen": "s", **members}
    return Violation(level=level, **words)


def observation(*violations: Violation, unjudged: str = "") -> Observation:
    return Observation(
        side=Side.ANSWER,
        kind="chat.completion",
        method="POST",
        url="http://a/v1/chat/completions",
        status=200,
        violations=violations,
        unjudged=unjudged,
    )


def test_error_names_what_broke_and_where(snapshot: SnapshotAssertion) -> None:
    error = WAYS[0].whole(Answer([EMPTY], content_type=JSON)).error
    assert isinstance(error, ContractError)
    assert str(error) == snapshot
    assert error.url == "https://api.example.com:8443/v1/chat/completions"
    assert error.kind == "chat.completion"
    assert [item.rule for item in error.violations] == ["shape.value"]


def test_error_can_be_pickled() -> None:
    error = ContractError(observation(violation()))
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - its own
    assert isinstance(again, ContractError)
    assert (again.observation, str(again)) == (error.observation, str(error))


def test_shoulds_and_what_is_not_judged_raise_nothing() -> None:
    raise_must(observation(violation(Level.SHOULD)))
    raise_must(observation(unjudged="it is large"))
    with pytest.raises(ContractError) as caught:
        raise_must(observation(violation(Level.SHOULD, rule="soft"), violation()))
    assert [item.rule for item in caught.value.violations] == ["soft", "r"]
    assert "soft" not in str(caught.value)


def test_report_hands_over_each_finding() -> None:
    found: list[Observation] = []
    report(found.append)(observation(violation()))
    assert found == [observation(violation())]


def test_log_says_how_bad_it_is(caplog: pytest.LogCaptureFixture, snapshot: SnapshotAssertion) -> None:
    write = log()
    with caplog.at_level(logging.INFO, "chatproof.guard"):
        write(observation(violation(), violation(Level.SHOULD)))
        write(observation(violation(Level.SHOULD)))
        write(observation(unjudged="it is larger than 16 bytes"))
        log(logging.getLogger("mine"))(observation(violation()))
    assert [(record.name, record.levelname, record.getMessage()) for record in caplog.records] == snapshot


@pytest.mark.parametrize("way", WAYS, ids=str)
def test_nothing_that_is_told_holds_a_key(way: Way) -> None:
    texts = [KEY, f"bad key {KEY}", "x" * 45 + KEY, "sk-proj-abcdef0123456789", "pw", "s3cret"]
    for text in texts:
        body = json.dumps(broken(completion(), "choices", text)).encode()
        answer = Answer(
            [body], content_type=JSON, key=KEY, url=f"https://a/{KEY[:7]}/v1/chat/completions?k=s3cret"
        )
        found: list[Observation] = []
        way.stream(answer, on_violation=report(found.append))
        (one,) = found
        assert KEY not in repr(one)
        assert KEY[:12] not in repr(one)
        assert "sk-proj" not in repr(one)
        assert "s3cret" not in one.url


@given(
    st.text(min_size=4, max_size=60),
    st.sampled_from(["Authorization", "api-key", "X-API-Key", "Ocp-Apim-Subscription-Key", "Helicone-Auth"]),
    st.sampled_from(["", "Bearer ", "Basic "]),
    st.text(max_size=10),
)
def test_key_of_any_header_is_masked(key: str, header: str, scheme: str, around: str) -> None:
    keys = keys_of([("accept", "x" * 9), (header, scheme + key)])
    clean = gate_of(keys).violation(violation(seen=f"{around}{key}{around}", message=f"{key}"))
    assert key not in clean.message.replace("[key]", "")
    assert scheme + key in keys


def test_values_of_cookies_are_masked_and_names_of_requests_are_not_looked_for() -> None:
    keys = keys_of([("cookie", "a=first-cookie; b=second-cookie"), ("Idempotency-Key", "one-request")])
    assert gate_of(keys).line("first-cookie second-cookie one-request") == "[key] [key] one-request"


def test_short_keys_are_no_secrets() -> None:
    assert gate_of(keys_of([("Authorization", "x"), ("cookie", "a=1")])).line("x, a=1") == "x, a=1"


def test_every_name_of_the_face_is_real() -> None:
    assert all(hasattr(chatproof.guard, name) for name in chatproof.guard.__all__)


def test_urls_keep_no_user_and_no_query() -> None:
    assert URL.startswith("https://user:pw@")
    found: list[Observation] = []
    WAYS[0].stream(
        Answer([EMPTY], content_type=JSON, url="http://[::1]:80/v1/chat/completions?a=b#c"),
        on_violation=report(found.append),
    )
    assert found[0].url == "http://[::1]/v1/chat/completions"
