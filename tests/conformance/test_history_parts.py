"""The parts that cases about history are made of: exchanges that are shared, texts that are compared."""

import json

from chatproof.cases import CASES, Endpoint
from chatproof.cases.openai.history.asked import TALKS, at_once, in_turn, said
from chatproof.cases.openai.history.texts import Talk, holds, suspects
from chatproof.probe import Exchange, Received, Sent
from chatproof.report import Outcome
from chatproof.selftest.endpoint.judged import judge_of
from chatproof.selftest.endpoint.wrapping import Handler, with_body
from tests.conformance.test_miniatures import fake


def _endpoint(handler: Handler) -> Endpoint:
    return judge_of(handler).endpoint


def test_exchanges_are_shared_and_made_again_where_that_is_the_point() -> None:
    endpoint = _endpoint(fake().answer)
    first = said(endpoint, TALKS[0])
    assert said(endpoint, TALKS[0]) is first
    assert said(endpoint, TALKS[0], nth=2) is not first
    assert in_turn(endpoint) == in_turn(endpoint)
    together = at_once(endpoint)
    assert at_once(endpoint) == together
    assert len(endpoint.posted) == 1 + 1 + 3 + 4 + 8 + 1  # the plain request that opened the target


def test_answers_without_ids_are_nothing_to_compare() -> None:
    def without(handler: Handler) -> Handler:
        return lambda r: with_body(a := handler(r), a.body.replace(b'"id":"chatcmpl', b'"no":"chatcmpl'))

    assert judge_of(without(fake().answer)).judge(CASES["history.ids-differ"]).outcome is Outcome.INCONCLUSIVE


def _talk(topic: str, *texts: str) -> Talk:
    talk = Talk([{"role": "user", "content": topic}])
    for text in texts:
        message = {"role": "assistant", "content": text}
        value = {"object": "chat.completion", "choices": [{"index": 0, "message": message}]}
        sent = Sent(method="POST", url="http://fake/v1/chat/completions", headers=(), body=b"{}")
        head = (("content-type", "application/json"),)
        received = Received(status=200, headers=head, body=json.dumps(value).encode())
        talk.hear("alone", Exchange(sent=sent, received=received))
    return talk


def test_only_what_changes_and_was_told_another_is_suspect() -> None:
    river, other = _talk("river", "what of it", "it is wet"), _talk("sea", "it is wet", "it is wet")
    assert suspects([river, other]) is not None
    assert suspects([_talk("river", "it is wet"), other]) is None
    assert suspects([_talk("river", "what of it", "so it is"), other]) is None
    assert suspects([_talk("sea", "what of it", "it is wet"), other]) is None
    assert suspects([_talk("river", "yes", "no"), _talk("sea", "no")]) is None
    assert suspects([]) is None


def test_a_text_holds_another_that_is_no_short_one() -> None:
    assert holds("so it is wet", "it is wet")
    assert not holds("it is wet", "wet")
    assert not holds("it is", "it is wet")
    assert not holds("anything", "")
