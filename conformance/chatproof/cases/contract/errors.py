"""What the error of a chat request is held to, whichever request it answers."""

from collections.abc import Iterator
from dataclasses import replace

from chatproof.cases.answer import shown
from chatproof.findings.finding import Finding
from chatproof.probe import Exchange
from chatschema import Violation
from chatschema.judging import judge_error

__all__ = ["error_shape"]

_NO_JSON = "SDKs have no message to show: the error is no JSON."


def error_shape(exchange: Exchange) -> Iterator[Finding]:
    """What is wrong with the body of an error."""
    try:
        value = exchange.json()
    except ValueError:
        yield Finding.instead("an error object in JSON", exchange, breaks=_NO_JSON)
        return
    for violation in judge_error(value).violations:
        finding = Finding.of(violation, exchange, breaks=_sentence(violation))
        yield replace(finding, seen=f"{violation.seen} in {shown(value)}")


def _sentence(violation: Violation) -> str:
    if violation.level == "must":
        return "SDKs show the user no message, or the wrong one."
    member = violation.path.removeprefix("$.error.")
    return f"Programs that go by the error's {member} do not know this one."
