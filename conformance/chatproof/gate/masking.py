"""Keys in a text, replaced: those that are known in all their forms, whole and cut, and what looks like a key."""

import base64
import html
import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from urllib.parse import quote, quote_plus

__all__ = ["Masks", "look_alikes_masked"]

#: What providers' keys look like. What `seen` cut off after sixty characters is masked as well.
_KEY = re.compile(
    r"""
    \b(?:sk|rk|pk|gsk|xai|r8|pplx|nvapi|fw|tgp|csk|ghp|gho|github_pat)[-_][A-Za-z0-9_.*-]{8,}
    | \bhf_[A-Za-z0-9_.*-]{8,}
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

_ANY_CASE = re.IGNORECASE | re.ASCII
_LOWER = str.maketrans(ascii_uppercase, ascii_lowercase)

_SHORTEST = 4
"""Shorter ones are no secrets, and stand in half of all words."""

_UNBOUNDED = 8
"""Keys of so many characters are masked wherever they stand; shorter ones between no letters or digits alone."""

_PIECE = 6
"""What is left of a longer key where a text is cut: so much of it, or more, is masked."""

_RUN = 8
"""So many characters of a key in a row are masked wherever they stand, if they could be no part of a word."""

_NO_WORD = re.compile(r"[A-Za-z].*[0-9]|[0-9].*[A-Za-z]|[a-z].*[A-Z]")

_HTML = re.compile("[&<>'\"+`]")
"""What encoders of JSON escape that have web pages in mind."""

_AFTER = re.compile(r"[\s\"'\\\])}]{0,4}(?:…|\.{3}|\n|\Z)")
_BEFORE = re.compile(r"(…|\.{3}|\n|\A)[\s\"'(\[{]{0,4}\Z")
_LOOK_BACK = 8


def look_alikes_masked(text: str) -> str:
    """The text with everything that looks like a key replaced."""
    return _KEY.sub(_MASK, _BEARER.sub(rf"\1 {_MASK}", text))


class Masks:
    """Known keys, each with what is shown in its place."""

    def __init__(self, shown: Mapping[str, str]) -> None:
        known = {key: mask for key, mask in shown.items() if len(key) >= _SHORTEST}
        self._shown = {_lower(form): mask for key, mask in known.items() for form in (*_forms(key), key)}
        forms = sorted(self._shown, key=len, reverse=True)
        self._whole = re.compile("|".join(map(_pattern, forms)), _ANY_CASE)
        long = [_lower(form) for form in forms if len(form) >= _UNBOUNDED]
        self._by_head: dict[str, list[str]] = {}
        self._by_tail: dict[str, list[str]] = {}
        for form in long:
            self._by_head.setdefault(form[:_PIECE], []).append(form)
            self._by_tail.setdefault(form[-_PIECE:], []).append(form[::-1])
        self._runs = {run: (known[key], odd) for key in known for run, odd in _runs(key).items()}
        self._heads = re.compile(f"(?={_any_of(self._by_head)})", _ANY_CASE)
        self._tails = re.compile(f"(?<={_any_of(self._by_tail)})", _ANY_CASE)

    def masked(self, text: str) -> str:
        """The text without the keys, their escapes and base64, and pieces of them that a cut has left."""
        if not self._shown:
            return text
        return self._without_tails(self._without_heads(self._without_runs(self.whole_masked(text))))

    def whole_masked(self, text: str) -> str:
        """The text without the keys and their forms where they stand whole. What only shares characters stays."""
        return self._whole.sub(lambda found: self._shown[_lower(found[0])], text) if self._shown else text

    def _without_runs(self, text: str) -> str:
        """Without pieces of a key that an endpoint has cut it into."""
        low, runs = _lower(text), self._runs
        kept: list[str] = []
        passed = at = 0
        while at <= len(low) - _RUN:
            shown, is_no_word = runs.get(low[at : at + _RUN], ("", False))
            if not is_no_word:
                at += 1
                continue
            start, end = at, at + _RUN
            while start > passed and low[start - 1 : start - 1 + _RUN] in runs:
                start -= 1
            while end < len(low) and low[end + 1 - _RUN : end + 1] in runs:
                end += 1
            kept += [text[passed:start], shown]
            passed = at = end
        return "".join([*kept, text[passed:]])

    def _without_heads(self, text: str) -> str:
        """Without beginnings of a key, at the end of a text or before an ellipsis."""
        kept: list[str] = []
        passed = 0
        for found in self._heads.finditer(text):
            start = found.start()
            for form in self._by_head[_lower(text[start : start + _PIECE])]:
                end = start + _alike(form, text[start : start + len(form)])
                if start >= passed and _AFTER.match(text, end):
                    kept += [text[passed:start], self._shown[form]]
                    passed = end
        return "".join([*kept, text[passed:]])

    def _without_tails(self, text: str) -> str:
        """Without ends of a key, at the beginning of a text or after an ellipsis."""
        kept: list[str] = []
        passed = 0
        for found in self._tails.finditer(text):
            end = found.end()
            for form in self._by_tail[_lower(text[end - _PIECE : end])]:
                start = end - _alike(form, text[max(0, end - len(form)) : end][::-1])
                if start >= passed and _is_after_cut(text, start):
                    kept += [text[passed:start], self._shown[form[::-1]]]
                    passed = end
        return "".join([*kept, text[passed:]])


def _alike(one: str, other: str) -> int:
    """How many characters two texts begin with in common, where a piece is known to be."""
    other = _lower(other)
    length = min(len(one), len(other))
    return next((n for n in range(_PIECE, length) if one[n] != other[n]), length)


def _lower(text: str) -> str:
    """The same number of characters, in lower case: media types, for one, are read so."""
    return text.translate(_LOWER)


def _is_after_cut(text: str, start: int) -> bool:
    begin = max(0, start - _LOOK_BACK)
    found = _BEFORE.search(text[begin:start])
    return found is not None and (begin == 0 or bool(found[1]))


def _any_of(texts: Iterable[str]) -> str:
    """A pattern for several texts of one length; for none, one that fits nowhere."""
    return "|".join(sorted({re.escape(text) for text in texts})) or r"\A(?!)"


def _pattern(form: str) -> str:
    """Where a form stands: a short one must not spoil the words around it."""
    found = re.escape(form)
    return found if len(form) >= _UNBOUNDED else rf"(?<![A-Za-z0-9]){found}(?![A-Za-z0-9])"


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


@lru_cache(maxsize=64)
def _forms(key: str) -> tuple[str, ...]:
    """A longer key as it stands in JSON, in HTML, in a URL, in base64 behind any number of bytes, in hexadecimals."""
    if len(key) < _UNBOUNDED:
        return ()
    data = key.encode("utf-8", "surrogatepass")
    quoted = quote(data, safe="")
    forms = {
        *(text[1:-1] for text in (json.dumps(key), repr(key), json.dumps(key, ensure_ascii=False))),
        json.dumps(json.dumps(key)[1:-1])[1:-1],
        key.replace("/", r"\/"),  # PHP
        _HTML.sub(_escaped, key),  # Go, .NET
        re.sub("(?s).", _escaped, key),
        html.escape(key),
        quoted,
        quote(quoted),  # a URL within a URL
        quote(json.dumps(key)[1:-1], safe=""),  # a model's id that is JSON
        quote(data),
        quote_plus(data),
        re.sub("%..", lambda found: found[0].lower(), quoted),
        "".join(f"%{byte:02X}" for byte in data),
        "".join(f"%{byte:02x}" for byte in data),
        data.hex(),
        *_base64_forms(key),
    }
    return tuple(form for form in forms if len(form) >= _UNBOUNDED)


@lru_cache(maxsize=64)
def _runs(key: str) -> dict[str, bool]:
    """Each run of characters of a key, as it is and in base64; and whether it could be no part of a word."""
    return {
        _lower(run): bool(_NO_WORD.search(run))
        for form in (*_base64_forms(key), key)
        for run in (form[n : n + _RUN] for n in range(len(form) - _RUN + 1))
    }


def _base64_forms(key: str) -> tuple[str, ...]:
    """All that `_base64_cores` gives of a longer key."""
    data = key.encode("utf-8", "surrogatepass")
    return (
        ()
        if len(key) < _UNBOUNDED
        else tuple(core for lead in range(3) for core in _base64_cores(data, lead))
    )


def _base64_cores(data: bytes, lead: int) -> tuple[str, str, str]:
    """The characters of base64 that stand for these bytes alone, behind a multiple of three bytes and `lead` more.

    As it is, in the alphabet for URLs, and in that of a URL which has the other one.
    """
    begin, end = -(-lead * 8 // 6), (lead + len(data)) * 8 // 6
    whole = bytes(lead) + data
    plain, for_urls = base64.b64encode(whole), base64.urlsafe_b64encode(whole)
    core = plain[begin:end].decode()
    return core, for_urls[begin:end].decode(), quote(core, safe="")
