"""What errors are known to look like otherwise."""

from .deviation import RECORDED, Deviation
from .families import ERRORS
from .sources import LORAX_LIB

__all__ = ["ERROR_BODIES"]

_LORAX = f"{LORAX_LIB}#L511"

ERROR_BODIES: tuple[Deviation, ...] = (
    Deviation(
        id="errors.detail",
        vendors=("transformers serve", "llama-cpp-python", "vLLM", "Mistral"),
        kinds=ERRORS,
        signs=("shape.missing $.error",),
        sentence='Errors of the web framework are {"detail": …} (vLLM: unknown routes and methods alone).',
        breaks="SDKs find no message, type or code; Mistral's clients had to parse a third form.",
        sources=(RECORDED, "https://github.com/mistralai/platform-docs-public/issues/212"),
    ),
    Deviation(
        id="portkey.status-and-message",
        vendors=("Portkey",),
        kinds=ERRORS,
        signs=("shape.missing $.error",),
        sentence='What Portkey refuses itself gets {"status", "message"} or {"message", "ok"}, without error.',
        sources=(RECORDED,),
    ),
    Deviation(
        id="errors.string",
        vendors=("vLLM", "xAI", "LoRAX"),
        kinds=ERRORS,
        signs=("shape.type $.error",),
        seen=r"a string",
        sentence="error is the message itself (vLLM: for a wrong key; LoRAX: always, beside error_type).",
        breaks="Clients that read error.message fail on the error that they wanted to report.",
        sources=(RECORDED, _LORAX),
    ),
    Deviation(
        id="errors.text",
        vendors=(
            "transformers serve",
            "llama-cpp-python",
            "LoRAX",
        ),
        kinds=ERRORS,
        signs=("shape.json $",),
        sentence="Some errors are plain text or nothing (Internal Server Error; LoRAX: malformed requests).",
        breaks="SDKs that parse the body as JSON report a parse error in place of the error.",
        sources=(RECORDED, "https://github.com/tokio-rs/axum/blob/axum-v0.7.7/axum/src/json.rs#L102"),
    ),
    Deviation(
        id="llama-cpp-python.empty-message",
        vendors=("llama-cpp-python",),
        kinds=ERRORS,
        signs=("shape.value $.error.message",),
        seen=r'^""',
        sentence="An exception without a text becomes an error with an empty message.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="errors.number-for-code",
        vendors=("vLLM", "llama.cpp", "Portkey", "OpenRouter", "Perplexity"),
        kinds=ERRORS,
        signs=("chat.errors.shape $.error.code",),
        seen=r"a number",
        sentence="code is the HTTP status as a number.",
        breaks="Typed clients that have text for the code fail to read the error.",
        sources=(RECORDED,),
    ),
    Deviation(
        id="errors.members-missing",
        vendors=(
            "llama.cpp",
            "Portkey",
            "Groq",
            "OpenRouter",
            "Azure",
            "Perplexity",
        ),
        kinds=ERRORS,
        signs=(
            "chat.errors.shape $.error.type",
            "chat.errors.shape $.error.param",
        ),
        seen=r"^nothing",
        sentence="An error lacks type or param.",
        sources=(RECORDED,),
    ),
)
