"""Plans as they are played: what was done, what was sent, what came back, what lies in the folder."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatproof.drivers import ThreadDriver
from chatproof.history.model.answers import ANSWERS
from chatproof.history.model.endpoint import CannotBuildError, Endpoint
from chatproof.history.model.plan import (
    Again,
    Answer,
    Clear,
    Fork,
    Load,
    Move,
    Restart,
    Say,
    Spoil,
    Spoilage,
    Together,
    Widen,
)
from chatproof.history.model.policy import Policy
from chatproof.history.model.seen import Cancelled, Hung, Play, Raised, Returned
from chatproof.history.model.words import tags
from chatproof.history.running.opening import thread_session
from chatproof.history.running.session import Session
from chatproof.selftest.bots.bot import StoredBot
from chatproof.stage import FakeStage
from tests.drivers.clients import Full, Silent, Stored, Sync, Yields
from tests.drivers.opened import HOSTS, KEPT, driver_for


@contextmanager
def session_of(
    stage: FakeStage, name: str, policy: Policy | None = None, *, host: str = "thread", seconds: float = 30.0
) -> Generator[Session]:
    if host == "process":
        yield Session(KEPT.driver(name, seconds), stage, policy or Policy())
        return
    with driver_for(host, name, seconds) as driver:
        yield Session(driver, stage, policy or Policy())


def sent(play: Play, at: int = -1) -> list[str]:
    """The texts of the last request of a step."""
    return [one.text for one in play.steps[at].exchanges[-1].messages]


@pytest.mark.parametrize("host", HOSTS)
def test_a_conversation_is_played(stage: FakeStage, host: str) -> None:
    with session_of(stage, "Sync", host=host) as session:
        play = session.play((Say(), Say(text="a § b"), Say(text="so"), Say(same=True)))
        asks = [step.asks[0] for step in play.steps]
        assert [ask.ending for ask in asks] == [
            Returned(text=step.exchanges[0].answer.text) for step in play.steps
        ]
        assert asks[1].said == f"a {tags(asks[1].said)[0]} b"
        assert asks[2].said == f"so {tags(asks[2].said)[0]}"
        assert asks[3].said == asks[2].said
        said = [ask.said for ask in asks]
        texts = [step.exchanges[0].answer.text for step in play.steps]
        assert sent(play) == [
            session.system_prompt, said[0], texts[0], said[1], texts[1], said[2], texts[2], said[3],
        ]  # fmt: skip
        assert len({*said[:3], *texts}) == 7
        assert session.requests == 4


PLAYED = st.lists(
    st.one_of(
        st.builds(
            Say,
            text=st.sampled_from(["§", "x §\n", "a"]),
            answers=st.lists(
                st.builds(Answer, name=st.sampled_from([one for one in ANSWERS if "st" not in one])),
                min_size=1,
                max_size=2,
            ).map(tuple),
            to=st.sampled_from("ab"),
            same=st.booleans(),
            streamed=st.booleans(),
        ),
        st.builds(Again),
        st.builds(Clear),
        st.builds(Fork, at=st.integers(0, 2)),
        st.builds(Load, new=st.sampled_from("ab")),
        st.builds(Widen, n=st.integers(0, 4)),
        st.builds(Restart),
    ),
    max_size=6,
).map(tuple)


@given(plan=PLAYED, number=st.integers(1, 10_000))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_plan_and_number_give_the_same_play(
    stage: FakeStage, plan: tuple[Move, ...], number: int
) -> None:
    with session_of(stage, "Full") as session:
        first, second = session.play(plan, number), session.play(plan, number)
    assert [(step.asks, step.failure, step.loaded) for step in first.steps] == [
        (step.asks, step.failure, step.loaded) for step in second.steps
    ]
    assert [(at, one.body, one.answer, one.arrived) for at, one in first.exchanges()] == [
        (at, one.body, one.answer, one.arrived) for at, one in second.exchanges()
    ]
    numbers = [one.number for _, one in first.exchanges()]
    assert numbers == list(range(1, len(numbers) + 1))
    said = [
        text
        for step in first.steps
        for ask in step.asks
        if not getattr(step.move, "same", True)
        for text in tags(ask.said)
    ]
    assert len(said) == len(set(said))


def test_answers_are_given_in_turn(stage: FakeStage) -> None:
    with session_of(stage, "SdkSync") as session:
        play = session.play((Say(answers=(Answer(name="http-500"), Answer())), Say()))
        assert [one.status for one in play.steps[0].exchanges] == [500, 200]
        assert isinstance(play.steps[0].asks[0].ending, Returned)


def test_two_conversations_overlap(stage: FakeStage) -> None:
    with session_of(stage, "Full", Policy(many=True)) as session:
        play = session.play(
            (Say(), Together(first=Say(), second=Say(to="b", answers=(Answer(name="http-500"),))))
        )
        first, second = play.steps[1].asks
        assert isinstance(first.ending, Returned)
        assert isinstance(second.ending, Raised)
        by_said = {one.messages[-1].text: one for one in play.steps[1].exchanges}
        assert by_said[first.said].answer.text == first.ending.text
        assert by_said[second.said].status == 500


@pytest.mark.parametrize("name", ["Yields", "Async", "AsyncYields", "Cancellable"])
def test_an_ask_is_stopped(stage: FakeStage, name: str) -> None:
    with session_of(stage, name) as session:
        session.gate()
        assert "cancel" in session.can
        play = session.play((Say(), Say(stop=2), Say()))
        assert isinstance(play.steps[1].asks[0].ending, Cancelled)
        assert play.steps[1].exchanges[-1].left
        assert isinstance(play.steps[2].asks[0].ending, Returned)


@pytest.mark.parametrize("killed", [False, True])
def test_a_store_outlives_its_client(stage: FakeStage, killed: bool) -> None:
    with session_of(stage, "Stored", Policy(persistent=True), host="process") as session:
        play = session.play((Say(), Restart(killed=killed), Say()))
        assert play.steps[0].asks[0].said in sent(play)
        (path,) = (name for name, file in play.steps[0].files.items() if not file.foreign)
        assert path == "history.json"
        assert not play.steps[0].files[path].holds_key


def test_a_window_that_was_set_is_set_for_whoever_comes_after() -> None:
    with thread_session(StoredBot, Policy(persistent=True), system_prompt="") as session:
        play = session.play((Say(), Say(), Widen(n=2), Restart(), Say(), Load(texts=("§",) * 4), Say()))
        assert [len(exchange.messages) for _, exchange in play.exchanges()] == [1, 3, 3, 3]


def test_another_program_has_a_file_in_the_folder_of_a_client_that_stores() -> None:
    with thread_session(StoredBot, Policy(persistent=True)) as session:
        foreign = [one for one in session.play((Say(),)).steps[0].files.values() if one.foreign]
        assert len(foreign) == 1
        assert foreign[0].mode == 0o600


@pytest.mark.parametrize("how", [one for one in Spoilage if one not in (Spoilage.UNWRITABLE, Spoilage.OLDER)])
def test_a_store_is_spoiled(stage: FakeStage, how: Spoilage) -> None:
    with session_of(stage, "Stored", Policy(persistent=True)) as session:
        play = session.play((Say(), Spoil(how=how), Say()))
        before, after = play.steps[0].files["history.json"], play.steps[1].files["history.json"]
        assert before.digest != after.digest
        assert not play.steps[1].lost
        reads = how is Spoilage.SCHEMA  # JSON of another shape
        assert (not play.steps[1].failure) == (len(play.steps) == 3) == reads


@pytest.mark.parametrize(("name", "lost"), [("Careless", ("history.json",)), ("Careful", ()), ("Adding", ())])
def test_what_is_lost_of_a_spoiled_store_is_seen(stage: FakeStage, name: str, lost: tuple[str, ...]) -> None:
    with session_of(stage, name, Policy(persistent=True)) as session:
        play = session.play((Say(), Spoil(how=Spoilage.BINARY), Say()))
        assert [step.lost for step in play.steps] == [(), (), lost]


@pytest.mark.parametrize("host", HOSTS)
def test_a_client_starts_on_the_files_of_an_older_version(stage: FakeStage, host: str) -> None:
    with session_of(stage, "Migrating", Policy(persistent=True), host=host) as session:
        play = session.play((Say(), Spoil(how=Spoilage.OLDER), Say()))
        assert "older" in session.can
        assert not play.steps[1].failure
        assert play.steps[0].asks[0].said in sent(play)


def test_no_file_can_be_written(stage: FakeStage) -> None:
    with session_of(stage, "Stored", Policy(persistent=True), host="process") as session:
        play = session.play((Spoil(how=Spoilage.UNWRITABLE), Say()))
        assert isinstance(play.steps[1].asks[0].ending, Raised)
        assert isinstance(session.play((Say(),)).steps[0].asks[0].ending, Returned)


def test_each_play_has_a_folder_of_its_own(stage: FakeStage) -> None:
    with session_of(stage, "Stored", Policy(persistent=True)) as session:
        session.play((Say(),))
        assert len(sent(session.play((Say(),)))) == 2


def test_what_a_client_cannot_ends_the_play(stage: FakeStage) -> None:
    with session_of(stage, "Sync") as session:
        for move in (Again(), Clear(), Fork(at=1), Load(), Widen(n=1), Restart(), Say(to="b")):
            play = session.play((Say(), move, Say()))
            assert len(play.steps) == 2
            assert play.steps[1].failure.startswith("cannot: ")


def test_a_client_that_hangs_ends_the_play(stage: FakeStage) -> None:
    with session_of(stage, "Sync", seconds=0.5) as session:
        play = session.play((Say(), Say(answers=(Answer(name="stall"),)), Say()))
        assert [step.asks[0].ending for step in play.steps][1:] == [Hung(seconds=0.5)]
        assert isinstance(session.play((Say(),)).steps[0].asks[0].ending, Returned)


def test_a_list_that_was_handed_in_is_looked_after(stage: FakeStage) -> None:
    with session_of(stage, "Full") as session:
        play = session.play((Load(), Say()))
        assert play.steps[0].loaded == tuple(sent(play)[1:3])
        assert not play.steps[0].altered
        assert "had 2 messages" in play.steps[1].altered


def test_the_gate_lets_a_client_through(stage: FakeStage) -> None:
    with session_of(stage, "Yields") as session:
        assert session.gate().steps[0].exchanges


class _Elsewhere(Sync):
    """Its requests go to another path of the same server."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.endpoint = Endpoint(
            **{name: getattr(endpoint, name) for name in ("api_key", "model", "system_prompt", "policy")},
            base_url=endpoint.base_url.partition("/key/")[0] + "/v1",
        )


class _Mute(Sync):
    def say(self, text: str) -> Any:
        return None


class _Typo(Sync):
    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        object.__setattr__(endpoint, "base_url", endpoint.base_url + "/v2")


@pytest.mark.parametrize(
    ("factory", "why"),
    [
        (Silent, r"gave back None, in which there is no text. Requests that came: POST chat \(200\)"),
        (_Mute, "gave back None.* Requests that came: none"),
        (
            _Typo,
            r"raised RuntimeError: status 404. Requests that came: POST /key/.*/v1/v2/chat/completions \(404\)",
        ),
        (_Elsewhere, r"POST /v1/chat/completions \(200\), which is not under its base_url"),
    ],
)
def test_the_gate_says_why_nothing_can_be_judged(stage: FakeStage, factory: type[Sync], why: str) -> None:
    with FakeStage() as alone, ThreadDriver(factory) as driver, pytest.raises(CannotBuildError, match=why):
        Session(driver, alone, Policy()).gate()


def test_the_clients_of_these_tests_are_what_they_say() -> None:
    assert {Full, Stored, Yields} < set(Sync.__subclasses__())
