"""A server whose errors all have one wrong shape has one mistake: the report says it once, in a few lines."""

import json
from collections.abc import Callable

import pytest

from chatfake import Answer, Request
from chatproof.report import CaseResult, Outcome
from chatproof.report.alike import by_cause
from chatproof.report.terminal import deviation
from chatproof.selftest.endpoint.judged import judged, plain
from chatproof.selftest.endpoint.wrapping import Handler, as_json

SHAPES: dict[str, Callable[[str], object]] = {
    "a string in error": lambda message: {"error": message},
    "FastAPI's list": lambda message: {"detail": [{"loc": ["body"], "msg": message, "type": "value_error"}]},
    "flat": lambda message: {"message": message, "type": "invalid_request_error", "code": None},
}
"""Bodies that servers and gateways give, each from the message."""

_MOST_LINES = 6


def with_errors(shape: Callable[[str], object]) -> Handler:
    """The fake, whose every error, on every route, has another body."""
    handler = plain()

    def answer(request: Request) -> Answer:
        found = handler(request)
        if found.status < 400:
            return found
        return as_json(found.status, shape(json.loads(found.body)["error"]["message"]))

    return answer


def broken(results: list[CaseResult]) -> list[CaseResult]:
    return [one for one in results if one.outcome in {Outcome.FAILED, Outcome.WARNED, Outcome.ERROR}]


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_one_wrong_shape_of_errors_is_told_in_a_few_lines(shape: Callable[[str], object]) -> None:
    (cases,) = by_cause(broken(judged(with_errors(shape))))
    (found,) = cases
    assert (found.id, found.outcome) == ("chat.errors.shape", Outcome.FAILED)
    lines = deviation(*cases).splitlines()
    assert len(lines) <= _MOST_LINES, lines
    assert "answers" in found.evidence[0].seen
