"""A request to generate, with its members under the names that the rest of the fake uses."""

import struct
from dataclasses import dataclass

from chatfake.core.json_text import JsonObject
from chatfake.core.tokens import split
from chatfake.handling.settings import Settings
from chatfake.request.chat_request import MOST_CHOICES, Chat, room_of_each
from chatfake.scripting.plan import OWNER

#: The base model, where the fake serves any name.
BASE = "chatfake/base"
#: The router's own name for it, among adapters.
_BASE_ADAPTER = "__base_model__"


@dataclass(frozen=True, slots=True, kw_only=True)
class Adapter:
    """Which adapter a request asks for; one without a name is the base model."""

    names: tuple[str, ...] = ()  #: several where they are merged
    source: str = "hub"

    @property
    def name(self) -> str:
        """All names, as the headers write them."""
        return ",".join(self.names)

    @property
    def primary(self) -> str:
        """The adapter that selects the plan: the first that names a scenario, else the first."""
        return next(
            (name for name in self.names if name.startswith(OWNER)), self.names[0] if self.names else ""
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerateRequest:
    """One request of `/generate`, `/generate_stream` or `/`, of the right types."""

    body: JsonObject
    inputs: str
    parameters: JsonObject
    stream: bool
    adapter: Adapter
    #: The prompt's tokens, the beginning of the sequence first; cut by `truncate`.
    prompt: tuple[str, ...]
    #: How many there were before that.
    input_length: int
    best_of: int = 1
    stops: tuple[str, ...] = ()
    #: Of the OpenAI routes: the conversation that the prompt was made of; None: the prompt is all there is.
    conversation: Chat | None = None
    tools: bool = False  #: of the OpenAI routes: the text is bound to be the call of a tool

    def number(self, name: str) -> float | None:
        """A parameter as the 32-bit float that the router makes of it."""
        value = self.parameters.get(name)
        return f32(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

    def integer(self, name: str) -> int | None:
        """A parameter as an integer; None where it is none."""
        value = self.parameters.get(name)
        return value if isinstance(value, int) and not isinstance(value, bool) else None

    def flag(self, name: str) -> bool:
        """A parameter that is a boolean, false by default."""
        return self.parameters.get(name) is True

    @property
    def samples(self) -> bool:
        """Whether the model draws its tokens, and so has a seed (lorax_server/utils/tokens.py)."""
        temperature, top_p, typical_p = map(self.number, ("temperature", "top_p", "typical_p"))
        return (
            self.flag("do_sample")
            or (temperature is not None and temperature not in (0, 1))
            or self.integer("top_k") is not None
            or (top_p is not None and top_p < 1)
            or (typical_p is not None and typical_p < 1)
        )

    @property
    def details(self) -> bool:
        """Whether a JSON answer has details."""
        return self.flag("details") or self.flag("decoder_input_details")

    @property
    def before(self) -> str:
        """The text before the generated one: the prompt, where the full text is asked for."""
        return self.inputs if self.flag("return_full_text") else ""

    def chat(self, settings: Settings) -> Chat:
        """The prompt as a conversation of one message, as far as the model sees it; or the one that it was made of."""
        if self.conversation is not None:
            return self.conversation
        bound, schema = _bound(self.parameters)
        return Chat(
            # the answer is the same, streamed or not
            body={name: value for name, value in self.body.items() if name != "stream"},
            messages=({"role": "user", "content": "".join(self.prompt[1:])},),
            model=self.adapter.primary or base_model(settings),
            prompt_tokens=len(self.prompt),
            room=settings.context_length,
            n=self.best_of,
            stream=self.stream,
            format=bound,
            schema=schema,
        )

    def room(self, settings: Settings) -> int:
        """How many tokens each sequence may have, at least one."""
        most, left = self.integer("max_new_tokens"), settings.context_length - self.input_length
        return max(
            min(
                left if most is None else min(most, left), room_of_each(self.best_of, settings.context_length)
            ),
            1,
        )


def read_generate_request(body: JsonObject, *, stream: bool) -> GenerateRequest:
    """Reads the body of a native route."""
    found = body.get("parameters")
    inputs = str(body.get("inputs", ""))
    return to_generate_request(
        body, inputs, found if isinstance(found, dict) else {}, prompt_pieces(inputs), stream=stream
    )


def to_generate_request(
    body: JsonObject, inputs: str, parameters: JsonObject, pieces: tuple[str, ...], *, stream: bool
) -> GenerateRequest:
    """Makes the request of a prompt and its parameters."""
    stop, truncate = parameters.get("stop"), parameters.get("truncate")
    kept = truncate if isinstance(truncate, int) and 0 < truncate < len(pieces) else len(pieces)
    best_of = parameters.get("best_of")
    return GenerateRequest(
        body=body,
        inputs=inputs,
        parameters=parameters,
        stream=stream,
        adapter=adapter_of(parameters),
        prompt=pieces[len(pieces) - kept :],
        input_length=len(pieces),
        best_of=min(max(best_of, 1), MOST_CHOICES) if isinstance(best_of, int) else 1,
        stops=tuple(one for one in (stop if isinstance(stop, list) else []) if isinstance(one, str)),
    )


def text_chat(
    settings: Settings, body: JsonObject, texts: tuple[str, ...], adapter: Adapter | None = None
) -> Chat:
    """The chat in a request that asks for no text: it is what scripts and ids go by."""
    return Chat(
        body=body,
        messages=tuple({"role": "user", "content": text} for text in texts),
        model=(adapter.primary if adapter else "") or base_model(settings),
        prompt_tokens=0,
        room=0,
    )


def prompt_pieces(inputs: str) -> tuple[str, ...]:
    """The tokens of a prompt; one that begins the sequence stands before it."""
    return ("<s>", *split(inputs))


def adapter_of(parameters: JsonObject) -> Adapter:
    """The one that is named, or those that are merged (router/src/adapter.rs)."""
    merged, source = parameters.get("merged_adapters"), parameters.get("adapter_source")
    ids = merged.get("ids") if isinstance(merged, dict) else [parameters.get("adapter_id")]
    named = [one for one in (ids if isinstance(ids, list) else []) if one and one != _BASE_ADAPTER]
    return Adapter(names=tuple(map(str, named)), source=source if isinstance(source, str) else "hub")


def base_model(settings: Settings) -> str:
    """The name that `/info` gives: the first of the models that are served."""
    return settings.models.first or BASE


def f32(number: float) -> float:
    """The nearest 32-bit float, or an infinity."""
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return float("inf") if number > 0 else float("-inf")


def _bound(parameters: JsonObject) -> tuple[str, JsonObject]:
    """The router looks at the schema alone: none is any object, null is no bond (lib.rs, ResponseFormat)."""
    form = parameters.get("response_format")
    if not isinstance(form, dict) or ("schema" in form and form["schema"] is None):
        return "text", {}
    schema = form.get("schema")
    return ("json_schema", schema) if isinstance(schema, dict) else ("json_object", {})
