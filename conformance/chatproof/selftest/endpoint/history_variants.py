"""Endpoints that treat a history in their own way, and rightly."""

import json
from collections import Counter
from itertools import pairwise

from chatproof.selftest.endpoint.miniatures.history.changes import REFUSED, counting, saying
from chatproof.selftest.endpoint.wrapping import (
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    completions,
    is_chat,
    messages_in,
    requests,
    where,
)

__all__ = ["HISTORY_VARIANTS"]


def _is_in_order(body: Object) -> bool:
    """System first and once, then user and assistant in turn; rounds with tools as they come."""
    roles = [message.get("role") for message in messages_in(body)]
    pairs = pairwise(roles)
    return "system" not in roles[1:] and not any(one == other != "tool" for one, other in pairs)


def _rounding(handler: Handler) -> Handler:
    """VLLM, llama.cpp: what is computed together with others, or after them, may end otherwise."""
    times: Counter[str] = Counter()

    def say(body: Object, own: str) -> str:
        last = str(body["messages"][-1].get("content"))
        if "mountain" not in last:
            return own
        times[json.dumps(body["messages"])] += 1
        return f"{own[:-3]}…" if times[json.dumps(body["messages"])] == 2 else own

    return saying(say)(handler)


def _lines(body: Object) -> None:
    """VLLM, llama.cpp: parts are joined by a line end."""
    for message in body["messages"]:
        if isinstance(message.get("content"), list) and all(p.get("text") for p in message["content"]):
            message["content"] = "\n".join(p["text"] for p in message["content"])


def _with_default_prompt(body: Object) -> None:
    """Qwen: a system prompt where there is none."""
    if body["messages"] and body["messages"][0].get("role") not in {"system", "developer"}:
        body["messages"].insert(0, {"role": "system", "content": "You are a helpful assistant."})


def _one_system(body: Object) -> None:
    """All system messages as one at the beginning, and users' runs as one message."""
    kept: list[Object] = []
    for message in body["messages"]:
        strings = (
            kept and isinstance(message.get("content"), str) and isinstance(kept[-1].get("content"), str)
        )
        if strings and kept[-1].get("role") == message.get("role") in {"user", "system"}:
            kept[-1] = {**kept[-1], "content": f"{kept[-1]['content']}\n\n{message['content']}"}
        else:
            kept.append(message)
    body["messages"] = kept


def _prefix_cache(handler: Handler) -> Handler:
    """A cache of prefixes that tells how much of a prompt it had."""
    seen: set[str] = set()

    def changed(body: Object) -> Wrapper:
        key = json.dumps(body.get("messages"))
        known = key in seen
        seen.add(key)

        def tell(value: Object) -> None:
            usage = value["usage"]
            usage["prompt_tokens_details"]["cached_tokens"] = usage["prompt_tokens"] - 1 if known else 0

        return completions(tell)

    return lambda request: changed(asked(request))(handler)(request)


HISTORY_VARIANTS: dict[str, Wrapper] = {
    "strict-order": where(lambda r: is_chat(r) and not _is_in_order(asked(r)), as_json(400, REFUSED)),
    "rounding": _rounding,
    "parts-as-lines": requests(_lines),
    "default-prompt": requests(_with_default_prompt),
    "runs-as-one": requests(_one_system),
    "no-cached-tokens": completions(lambda v: v["usage"].pop("prompt_tokens_details") and None),
    "prefix-cache": _prefix_cache,
    "first-round-longer": counting(
        lambda body, own: own + str(body["messages"][0].get("content")).count("Question 1")
    ),
    "no-user": where(
        lambda r: is_chat(r) and str(asked(r).get("user")).startswith("chatproof"), as_json(400, REFUSED)
    ),
}
