"""The clients: where each lives, what drives it, and what it is known to do otherwise than the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

PROGRAMS = Path(__file__).with_name("clients")
_NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A client, the environment that `.ci/peers` makes for it, and the program that drives it."""

    environment: str
    program: str
    package: str
    language: str = "Python"
    #: Cases that do not come out as they do with the others, each with a sentence that says why. A dialect's name
    #: stands for all cases in it.
    unlike: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    def is_unlike(self, case: str) -> bool:
        """Whether that case does not come out as with the others; what fails by itself fails in any dialect."""
        return case in self.unlike or any(part in self.unlike for part in case.split(": "))

    def command(self, environments: Path) -> tuple[str, str]:
        """How its program is started."""
        program = str(PROGRAMS / self.program)
        if self.language == "Node":
            return "node", program
        return str(environments / self.environment / "bin" / "python"), program


_NO_REASON = "Raises where a stream that calls a tool ends without a `finish_reason`."
_ROLES = {
    "openrouter: tools, SSE": "`chat.completions.stream` strings the roles of all chunks together: the message that it"
    " makes has the role `assistantassistant…`, and is refused when it is sent back.",
    "together: tools, SSE": "The same.",
}

CLIENTS: tuple[Client, ...] = (
    Client(environment="openai-3", program="openai_sdk.py", package="openai", unlike=_ROLES),
    Client(environment="openai-2", program="openai_sdk.py", package="openai", unlike=_ROLES),
    Client(
        environment="openai-node",
        program="openai_sdk.mjs",
        package="openai",
        language="Node",
        unlike={"tgi: tools, SSE": _NO_REASON},
    ),
    Client(
        environment="ai",
        program="ai_sdk.mjs",
        package="ai",
        language="Node",
        unlike={"tgi: tools, SSE": _NO_REASON},
    ),
    Client(
        environment="instructor",
        program="instructor_program.py",
        package="instructor",
        unlike={"lorax": "Names its tool in an object, which LoRAX does not read: 422."},
    ),
    Client(environment="langchain-openai", program="langchain_openai_program.py", package="langchain-openai"),
    Client(
        environment="litellm",
        program="litellm_program.py",
        package="litellm",
        unlike={"Responses: 429 once": "`responses` does not try again, as `completion` does."},
    ),
    Client(environment="llm", program="llm_program.py", package="llm"),
    Client(
        environment="lm-deluge",
        program="lm_deluge_program.py",
        package="lm-deluge",
        unlike={
            "SSE": "`stream` raises AttributeError before it sends anything.",
            "tools": "Sends the call back with `content: []`, which OpenAI refuses with 400; and so does the fake.",
            "two tools at once": "The same.",
            "400": "Asks five times.",
            "mistral": "Sends `max_completion_tokens`, which Mistral refuses: 422.",
            "tgi": "Sends `top_p: 1.0`, which TGI refuses: 422.",
        },
    ),
    Client(
        environment="lorax-client",
        program="lorax_client_program.py",
        package="lorax-client",
        unlike={
            "LoRAX: 500 once": "Never tries again: it leaves that to urllib3, which leaves POST out.",
        },
    ),
    Client(
        environment="minillmlib",
        program="minillmlib_program.py",
        package="minillmlib",
        unlike={
            "429 once": "Tries again after a pause of its own, and does not read Retry-After.",
            "400": "Reads no status, and asks five times.",
            "401": "The same.",
        },
    ),
    Client(environment="openai-agents", program="openai_agents_program.py", package="openai-agents"),
    Client(
        environment="pydantic-ai",
        program="pydantic_ai_program.py",
        package="pydantic-ai-slim",
        unlike={
            "lorax: JSON": "Refuses an answer whose `object` is `text_completion`.",
            "lorax: tools": "The same.",
        },
    ),
)
