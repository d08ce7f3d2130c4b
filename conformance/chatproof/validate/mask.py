"""Keys in what a report quotes: a recorder that left one in a body must not have it spread by us."""

import re
from dataclasses import replace

from chatschema import Violation

__all__ = ["masked", "masked_violation"]

#: What providers' keys look like. What `seen` cut off after sixty characters is masked as well.
_KEY = re.compile(
    r"""
    \b(?:sk|rk|pk|gsk|xai|hf|r8|pplx|nvapi|fw|tgp|csk|ghp|gho|github_pat)[-_][A-Za-z0-9_.*-]{8,}
    | \bAIza[A-Za-z0-9_-]{16,}
    | \b(?:AKIA|ASIA)[A-Z0-9]{12,}
    | \beyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){0,2}
    """,
    re.VERBOSE,
)
_BEARER = re.compile(
    r"\b(Bearer|Basic|api[-_]?key[\"']?\s*[:=])\s*[\"']?[A-Za-z0-9_.+/=~*-]{8,}", re.IGNORECASE
)

_MASK = "[key]"


def masked(text: str) -> str:
    """The text with everything that looks like a key replaced."""
    return _KEY.sub(_MASK, _BEARER.sub(rf"\1 {_MASK}", text))


def masked_violation(violation: Violation) -> Violation:
    """The violation with nothing in it that looks like a key; paths have members' names, which are a body's too."""
    return replace(
        violation,
        path=masked(violation.path),
        message=masked(violation.message),
        expected=masked(violation.expected),
        seen=masked(violation.seen),
    )
