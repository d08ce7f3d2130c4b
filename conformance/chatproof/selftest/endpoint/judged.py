"""All cases of a profile, held against an endpoint in process."""

from collections.abc import Iterable

from chatfake import HandlerTransport
from chatproof.cases import cases_of
from chatproof.judging.embedded import embedded_fake
from chatproof.judging.judge import Judge
from chatproof.judging.target import Target, open_target
from chatproof.report import CaseResult
from chatproof.selftest.endpoint.wrapping import KEY, Handler

__all__ = ["judge_of", "judged", "plain"]

_PROFILES = {"openai": ("openai", "responses"), "lorax": ("lorax",)}
"""What is judged of the fake in each dialect."""

_ROOTS = {"openai": "http://fake/v1", "lorax": "http://fake"}


def plain(profile: str = "openai") -> Handler:
    """The fake as it is, with the time of day, an id for each answer, and a context whose end is seen."""
    return embedded_fake(profile).answer


def judge_of(handler: Handler, profile: str = "openai") -> Judge:
    """A judge of an endpoint in process, whose limits no case reaches."""
    target = Target(
        url=_ROOTS[profile],
        profiles=_PROFILES[profile],
        api_key=KEY,
        model="tiny" if profile == "openai" else None,
        max_requests=1000,
        max_tokens=10_000_000,
    )
    opened = open_target(target, transport=HandlerTransport(handler))
    return Judge(opened.endpoint, api_key=KEY, key_variable="OPENAI_API_KEY", profile=profile)


def judged(handler: Handler, profile: str = "openai", cases: Iterable[str] = ()) -> list[CaseResult]:
    """The results of the profile's cases, or of those that are named, once all of their answers are judged."""
    judge, known = judge_of(handler, profile), cases_of(_PROFILES[profile])
    return judge.judge_all(known[id_] for id_ in cases or known)
