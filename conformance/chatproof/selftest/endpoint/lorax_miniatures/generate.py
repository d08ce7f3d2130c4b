"""Miniatures that are broken in the answer of `/generate`, and in what a request can ask for."""

from chatproof.selftest.endpoint.lorax_miniatures.registry import answers, asking, at, broken, parameters
from chatproof.selftest.endpoint.wrapping import CRASH, Object

_PLAIN = asking(max_new_tokens=16, details=True)


def _stops(body: Object) -> bool:
    return bool(body["parameters"].get("stop"))


def _details(value: Object) -> Object:
    found: Object = value.get("details") or {}
    return found


broken(
    "crash",
    "generate.shape",
    at("/generate", lambda _, __: CRASH),
    along=("errors.unknown-adapter", "errors.validation"),
)
broken("no-text", "generate.shape", answers(lambda value: value.pop("generated_text")))
broken(
    "text-of-parts",
    "generate.shape",
    answers(lambda value: value.update(generated_text=["a"])),
    along=("generate.full-text", "root-route", "stream.equals-json"),
)
broken(
    "count-as-text",
    "generate.shape",
    answers(lambda value: _details(value).update(prompt_tokens="8")),
    along=("stream.equals-json",),
)
broken(
    "finish-reason-of-openai",
    "generate.shape",
    answers(lambda v: _details(v).update(finish_reason="stop")),
    along=("generate.finish-reason", "generate.stop", "stream.equals-json"),
)
broken(
    "no-details",
    "generate.details",
    parameters(lambda asked: asked.update(details=False)),
    along=("generate.best-of",),
)
broken(
    "details-unasked",
    "generate.details",
    answers(lambda value: value.setdefault("details", None), asking(details=False, max_new_tokens=16)),
    along=("generate.shape",),
)
broken("tokens-lost", "generate.details", answers(lambda value: _details(value).get("tokens", [0]).pop()))
broken(
    "prompt-free",
    "generate.details",
    answers(lambda value: _details(value).update(prompt_tokens=0), _PLAIN),
    along=("stream.equals-json",),
)
broken(
    "always-eos",
    "generate.finish-reason",
    answers(lambda v: _details(v).update(finish_reason="eos_token")),
    along=("generate.details", "generate.stop", "stream.equals-json"),
)
broken(
    "limit-ignored",
    "generate.max-new-tokens",
    parameters(lambda asked: asked.update(max_new_tokens=16)),
    along=("errors.validation",),
)


class _Restless:
    """Says its number in the place of the text, where it was asked to sample."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, value: Object) -> None:
        self.asked += 1
        value["generated_text"] += str(self.asked)


broken("seed-ignored", "generate.seed", answers(_Restless(), asking(seed=7)), along=("generate.details",))
broken("another-seed", "generate.seed", answers(lambda v: _details(v).update(seed=8), asking(seed=7)))
broken("stop-ignored", "generate.stop", parameters(lambda asked: asked.pop("stop", None)))
broken(
    "stop-looks-like-the-end",
    "generate.stop",
    answers(lambda value: _details(value).update(finish_reason="eos_token"), _stops),
    along=("generate.details",),
)
broken("no-prefill", "generate.prefill", answers(lambda v: _details(v).update(prefill=[])))
broken(
    "half-a-prefill",
    "generate.prefill",
    answers(lambda v: _details(v)["prefill"].pop(), asking(decoder_input_details=True)),
)
broken("best-of-one", "generate.best-of", answers(lambda v: _details(v).pop("best_of_sequences", None)))
broken("no-prompt", "generate.full-text", parameters(lambda asked: asked.update(return_full_text=False)))
broken(
    "always-the-prompt",
    "generate.full-text",
    parameters(lambda asked: asked.update(return_full_text=True)),
    along=("root-route", "stream.equals-json"),
)
