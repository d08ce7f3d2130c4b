"""Opening LoRAX: its own routes, below the root of the server."""

import httpx

from chatproof.cases import Endpoint, Profile
from chatproof.judging.obstacles import CannotJudgeError, refuse_redirect, refuse_silence
from chatproof.judging.opening import Opened, Target, probe_of, remember_what_works
from chatproof.judging.preflight import refuse_unwritable
from chatproof.probe import Exchange, Probe, tokens_of

__all__ = ["is_lorax", "open_lorax", "root_of"]


def open_lorax(target: Target, transport: httpx.BaseTransport | None, first: Probe | None = None) -> Opened:
    """LoRAX's own routes are at the root; `/info` names the model, and nothing lists any.

    Where something was asked `first`, what is spent counts with that.

    Raises:
        CannotJudgeError: nobody answers, the key is wrong, or it is no LoRAX.
    """
    root = root_of(target.url)
    probe = probe_of(target, root, transport, first)
    info = probe.get("/info")
    refuse_silence(target.url, info)
    target.authorize(info)
    refuse_redirect(info, "/info")
    model = info.object().get("model_id") if info.status == 200 else None
    if not isinstance(model, str):
        probe.close()
        raise CannotJudgeError(
            f"{root}/info names no model ({info.describe()}). Is it LoRAX? Its URL is the root, without /v1."
        )
    model = target.model or model
    refuse_unwritable(model)
    endpoint = Endpoint(probe, Profile(model=model, chat_path="/v1/chat/completions"))
    plain = endpoint.post({"inputs": "Hi", "parameters": {"max_new_tokens": 1}}, "/generate")
    target.authorize(plain)
    refuse_redirect(plain, "/generate")
    if 400 <= plain.status < 500:
        raise CannotJudgeError(f"{root}/generate refuses a plain request: {plain.describe()}.")
    remember_what_works(probe, plain, info)
    notes = (f"{target.url} is the OpenAI part of {root}: judged that",) if root != target.url else ()
    return Opened(
        endpoint=endpoint,
        url=root,
        profiles=("lorax",),
        context=_context(info),
        model=model,
        models_listed=None,
        notes=notes,
        plain_prompt_tokens=tokens_of(plain).get("prompt_tokens"),
    )


def root_of(url: str) -> str:
    """Where LoRAX's own routes are, of whichever part of it the URL is."""
    return url.removesuffix("/generate").removesuffix("/v1")


def is_lorax(info: Exchange) -> bool:
    """Is this LoRAX's `/info`? Text Generation Inference, which it comes from, has neither of these members."""
    return info.status == 200 and bool({"eager_prefill", "request_logger_url"} & info.object().keys())


def _context(info: Exchange) -> tuple[int, str] | None:
    tokens = info.object().get("max_total_tokens")
    return (tokens, "GET /info: max_total_tokens") if isinstance(tokens, int) and tokens > 0 else None
