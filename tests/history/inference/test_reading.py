"""What plays say by themselves, of plays that are written down here."""

import json

import pytest

from chatproof.history.model.plan import ORDINARY, Answer, Call, Say
from chatproof.history.model.policy import UNKNOWN, Policy, SystemPrompt
from chatproof.history.model.seen import Ask, Exchange, Play, Returned, Step
from chatproof.history.running.inference import reading
from chatproof.history.running.inference.plays import CONTROL, MOST_CALLS

PROMPT = "Be brief."


def asked(*messages: tuple[str, str], model: str = "tiny", answer: Answer = ORDINARY) -> Exchange:
    told = [{"role": role, "content": text} for role, text in messages]
    body = json.dumps({"model": model, "messages": told}).encode()
    return Exchange(number=1, route="chat", body=body, answer=answer)


def play(*exchanges: Exchange, said: str = "hi", move: Say | None = None) -> Play:
    ask = Ask(to="a", said=said, ending=Returned(text="x"))
    step = Step(move=move or Say(), asks=(ask,), exchanges=exchanges)
    return Play(policy=Policy(), system_prompt=PROMPT, steps=(step,))


@pytest.mark.parametrize(
    ("messages", "place"),
    [
        ((("system", PROMPT), ("user", "hi")), SystemPrompt.KEPT),
        ((("developer", PROMPT), ("user", "hi")), SystemPrompt.KEPT),
        ((("user", f"{PROMPT}\n\nhi"),), SystemPrompt.IN_USER),
        ((("user", "hi"),), SystemPrompt.NONE),
    ],
)
def test_the_system_prompt_is_where_it_stands(
    messages: tuple[tuple[str, str], ...], place: SystemPrompt
) -> None:
    policy, _, _ = reading.system(Policy(), play(asked(*messages)), given=False)
    assert policy.system is place


def test_one_that_is_lost_at_times_is_none_that_is_not_there() -> None:
    seen = play(asked(("system", PROMPT), ("user", "hi")), asked(("user", "hi")))
    assert reading.system(Policy(), seen, given=False)[0].system is SystemPrompt.KEPT
    assert reading.system(Policy(), play(asked(("user", "hi"))), given=True)[0].system is SystemPrompt.KEPT


def test_a_prompt_of_the_clients_own_is_told() -> None:
    policy, told, _ = reading.system(Policy(), play(asked(("system", "Mine."))), given=False)
    assert policy.system is SystemPrompt.KEPT
    assert told == {"system": "the client's own is 'Mine.': name it with --system-prompt"}


def test_names_of_models_are_a_policy_where_they_are_few() -> None:
    two = [play(asked(model="big"), asked(model="small"))]
    assert reading.models(Policy(), two)[0].models == ("big", "small")
    many = [play(*(asked(model=f"m{number}") for number in range(9)))]
    policy, _, unknown = reading.models(Policy(), many)
    assert (policy.models, len(unknown)) == (("tiny",), 1)


@pytest.mark.parametrize(("times", "retries"), [(1, 0), (3, 2), (5, 4), (6, UNKNOWN)])
def test_what_is_sent_again_without_end_is_no_policy(times: int, retries: object) -> None:
    failed = asked(answer=Answer(name="http-500"))
    assert reading.retries(Policy(), [play(*[failed] * times)])[0].retries == retries


@pytest.mark.parametrize(("times", "tools"), [(1, 1), (4, 4), (MOST_CALLS, UNKNOWN)])
def test_calls_are_counted(times: int, tools: object) -> None:
    calls = Answer(text="", calls=(Call(id="1"),))
    result = json.dumps({"messages": [{"role": "tool", "tool_call_id": "1", "content": "x"}]}).encode()
    exchange = Exchange(number=1, route="chat", body=result, answer=calls)
    seen = play(*[exchange] * times)
    two = Play(policy=Policy(), system_prompt=PROMPT, steps=(seen.steps[0], seen.steps[0]))
    assert reading.tools(Policy(), two)[0].tools == tools


def test_control_tokens_that_are_broken_are_a_policy() -> None:
    said = CONTROL.replace("§", "onyx-1234567")
    for sent, breaks in ((said, False), (said.replace("<|", "<\u200d|"), True), ("something else", False)):
        seen = play(asked(("user", sent)), said=said, move=Say(text=CONTROL))
        assert reading.control_tokens(Policy(), seen)[0].breaks_control_tokens is breaks


@pytest.mark.parametrize(("later", "clears"), [("found", False), ("[cleared]", True)])
def test_results_that_are_worded_anew_are_a_policy(later: str, *, clears: bool) -> None:
    bodies = [
        json.dumps({"messages": [{"role": "tool", "tool_call_id": "1", "content": text}]})
        for text in ("found", later)
    ]
    seen = play(
        *(
            Exchange(number=at, route="chat", body=body.encode(), answer=ORDINARY)
            for at, body in enumerate(bodies)
        )
    )
    assert reading.cleared_results(Policy(), seen)[0].clears_results is clears
