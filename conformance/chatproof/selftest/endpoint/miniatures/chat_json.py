"""Miniatures that are broken in the JSON answer."""

import json
from dataclasses import replace

from chatfake import Answer, Cut, Request, Send
from chatproof.selftest.endpoint.miniatures.registry import (
    broken,
    itself,
    on_200,
    setting,
    without,
)
from chatproof.selftest.endpoint.wrapping import (
    CRASH,
    Handler,
    Object,
    Wrapper,
    as_json,
    asked,
    choice_of,
    completions,
    each_chunk,
    is_chat,
    is_stream,
    message_of,
    where,
    with_body,
)

broken("torn-json", "chat.json.shape", on_200(lambda _, a: with_body(a, a.body[:-40]), stream=False))
broken(
    "lost-json",
    "chat.json.shape",
    on_200(lambda _, a: replace(a, steps=(Send(a.body[:-40]), Cut())), stream=False),
)
broken("wrong-object", "chat.json.shape", completions(setting(itself, object="chat.completion.v2")))
broken("created-as-text", "chat.json.shape", completions(lambda v: v.update(created=str(v["created"]))),
       along=("chat.json.created",))  # fmt: skip
broken("no-refusal", "chat.json.spec-complete", completions(without(message_of, "refusal")))


def _no_null_finish(_: int, chunk: Object) -> None:
    for choice in chunk["choices"]:
        if choice["finish_reason"] is None:
            del choice["finish_reason"]


broken("finish-reason-absent", "chat.json.spec-complete", each_chunk(_no_null_finish))
broken("same-id", "chat.json.id", completions(setting(itself, id="chatcmpl-1")),
       along=("history.ids-differ", "http.concurrent"))  # fmt: skip
broken("created-in-ms", "chat.json.created", completions(lambda v: v.update(created=v["created"] * 1000)))
broken("another-model", "chat.json.model", completions(setting(itself, model="gpt-next")))
broken("role-bot", "chat.json.role", completions(setting(message_of, role="bot")),
       along=("chat.json.shape", "history.reply-replay"))  # fmt: skip
broken(
    "content-null",
    "chat.json.content",
    completions(setting(message_of, content=None)),
    along=("chat.sse.equals-json",),
)
broken(
    "no-finish-reason",
    "chat.json.finish-reason",
    completions(setting(choice_of, finish_reason=None)),
    along=(
        "chat.json.shape",
        "chat.json.length",
        "chat.json.max-completion-tokens",
        "chat.sse.equals-json",
        "chat.tools.finish-reason",
    ),
)
broken(
    "two-for-one",
    "chat.json.one-choice",
    completions(
        lambda v: v["choices"].append(dict(v["choices"][0], index=1)) if len(v["choices"]) == 1 else None
    ),
)
broken(
    "index-twice",
    "chat.json.n",
    completions(lambda v: [c.update(index=0) for c in v["choices"]] and None),
    along=("chat.json.shape",),
)
broken(
    "crash-on-n",
    "chat.json.n",
    where(lambda r: is_chat(r) and asked(r).get("n") == 2, CRASH),
    along=("chat.sse.n",),
)
broken(
    "one-of-two-counted",
    "chat.json.n",
    completions(
        lambda v: v["usage"].update(
            completion_tokens=v["usage"]["completion_tokens"] // len(v["choices"]),
            total_tokens=v["usage"]["prompt_tokens"] + v["usage"]["completion_tokens"] // len(v["choices"]),
        )
    ),
)
broken(
    "prompt-counted-twice",
    "chat.json.n",
    completions(
        lambda v: v["usage"].update(
            prompt_tokens=v["usage"]["prompt_tokens"] * len(v["choices"]),
            total_tokens=v["usage"]["prompt_tokens"] * len(v["choices"]) + v["usage"]["completion_tokens"],
        )
    ),
)
broken(
    "total-is-prompt",
    "chat.json.usage",
    completions(lambda v: v["usage"].update(total_tokens=v["usage"]["prompt_tokens"])),
)
broken(
    "no-usage",
    "chat.json.usage",
    completions(without(itself, "usage")),
    along=("chat.sse.equals-json",),
)
broken(
    "nothing-counted",
    "chat.json.usage-plausible",
    completions(lambda v: v["usage"].update(completion_tokens=0, total_tokens=v["usage"]["prompt_tokens"])),
    along=("chat.json.n", "chat.sse.equals-json"),
)


broken(
    "empty-id",
    "chat.json.id",
    completions(setting(itself, id="")),
    along=("chat.json.shape", "http.concurrent"),
)
broken(
    "fewer-than-nothing",
    "chat.json.usage",
    completions(
        lambda v: v["usage"].update(completion_tokens=-1, total_tokens=v["usage"]["prompt_tokens"] - 1)
    ),
    along=(
        "chat.json.n",
        "chat.json.shape",
        "chat.json.usage-details",
        "chat.json.usage-plausible",
        "chat.sse.equals-json",
    ),
)


def _recounted(**counts: int) -> Wrapper:
    """Give the plain reply other token counts."""

    def change(request: Request, answer: Answer) -> Answer:
        body = asked(request)
        if body.get("max_tokens") != 32 or "Count from" not in json.dumps(body["messages"]):
            return answer
        value = json.loads(answer.body)
        usage = {**value["usage"], **counts}
        usage["total_tokens"] = usage["prompt_tokens"] + usage["completion_tokens"]
        return with_body(answer, json.dumps({**value, "usage": usage}).encode())

    return on_200(change, stream=False)


broken(
    "prompt-not-counted",
    "chat.json.usage-plausible",
    _recounted(prompt_tokens=0),
    along=("chat.json.n",),
)
broken(
    "more-than-allowed",
    "chat.json.usage-plausible",
    _recounted(completion_tokens=99),
    along=("chat.sse.equals-json",),
)


broken(
    "null-refused",
    "chat.json.null-options",
    where(
        lambda r: is_chat(r) and "top_p" in asked(r) and asked(r)["top_p"] is None,
        as_json(400, {"error": {"message": "top_p"}}),
    ),
    along=("chat.errors.shape",),
)


def _random(handler: Handler) -> Handler:
    calls = iter(range(10_000))

    def wrapped(request: Request) -> Answer:
        answer = handler(request)
        if (
            not is_chat(request)
            or answer.status != 200
            or is_stream(answer)
            or asked(request).get("seed") != 7
        ):
            return answer
        value = json.loads(answer.body)
        message_of(value)["content"] += str(next(calls))
        return with_body(answer, json.dumps(value).encode())

    return wrapped


broken("seed-ignored", "chat.json.seed", _random)
broken(
    "unknown-member-500",
    "chat.json.extra-member",
    where(lambda r: "chatproof_unknown_member" in asked(r), CRASH),
)

broken(
    "more-cached-than-read",
    "chat.json.usage-details",
    completions(lambda v: v["usage"].update(prompt_tokens_details={"cached_tokens": 10_000})),
    along=("history.cached-tokens",),
)
broken(
    "more-thought-than-said-in-streams",
    "chat.json.usage-details",
    each_chunk(
        lambda _, c: (
            c["usage"].update(completion_tokens_details={"reasoning_tokens": 10_000})
            if c.get("usage")
            else None
        )
    ),
)
