"""LoRAX's `GET /info`, `/health` (with `/`, `/ping` and `/startup`) and `/metrics`."""

from chatfake.core.api_error import ApiError
from chatfake.core.http import Answer, body_answer
from chatfake.core.json_text import JsonObject, digest, encode
from chatfake.dialects.requests.lorax_errors import CORS
from chatfake.handling.request_context import Handled, RequestContext
from chatfake.lorax.effects import apply_lorax_effects, failure_answer, lorax_answer
from chatfake.lorax.generate_request import base_model, text_chat
from chatfake.lorax.select_plan import plan_without_script
from chatfake.lorax.validation import limits_of

#: Of the router's crate, whatever the release is called.
VERSION = "0.1.0"
_COUNTERS = ("lorax_request_count", "lorax_request_success")
_GAUGES = ("lorax_batch_current_max_tokens", "lorax_batch_current_size", "lorax_queue_length")


def answer_info(context: RequestContext) -> Handled:
    """All members, always; the limits are those that requests are held to."""
    limits = limits_of(context.settings)
    body: JsonObject = {
        "model_id": base_model(context.settings),
        "model_sha": None,
        "model_dtype": "torch.float16",
        "model_device_type": "cuda",
        "model_pipeline_tag": "text-generation",
        "max_concurrent_requests": limits.concurrent_requests,
        "max_best_of": limits.best_of,
        "max_stop_sequences": limits.stop_sequences,
        "max_input_length": limits.input_length,
        "max_total_tokens": limits.total_tokens,
        "waiting_served_ratio": 1.2,
        "max_batch_total_tokens": 32_000,
        "max_waiting_tokens": 20,
        "validation_workers": 2,
        "eager_prefill": False,
        "version": VERSION,
        "sha": None,
        "docker_label": None,
        "request_logger_url": None,
    }
    return _answered(context, lorax_answer(body))


def answer_health(context: RequestContext) -> Handled:
    """An empty body, for this server is always well."""
    return _answered(context, Answer(status=200, headers=(("content-length", "0"), *CORS)))


def answer_metrics(context: RequestContext) -> Handled:
    """Prometheus text; JSON where `Accept` asks for it. They stand at zero: a stateless server counts nothing."""
    kinds = {**dict.fromkeys(_COUNTERS, "counter"), **dict.fromkeys(_GAUGES, "gauge")}
    if "application/json" in context.request.header("accept"):
        families: JsonObject = {
            name: {"type": kind, "data": [{"key": "", "value": 0.0}]} for name, kind in kinds.items()
        }
        return _answered(context, lorax_answer(families))
    text = "".join(f"# TYPE {name} {kind}\n{name} 0\n\n" for name, kind in kinds.items())
    return _answered(context, body_answer(encode(text), "text/plain", headers=CORS))


def _answered(context: RequestContext, answer: Answer) -> Handled:
    """Faults can be laid over these too, by path or header."""
    plan = plan_without_script(context, text_chat(context.settings, {}, ("",)))
    if isinstance(plan, ApiError):
        return Handled(answer=failure_answer(plan))
    return Handled(answer=apply_lorax_effects(context, plan, answer, digest(context.address.path)), plan=plan)
