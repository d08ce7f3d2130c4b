"""The clients whose histories are judged: where each lives, what drives it, what it declares."""

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
PROGRAMS = HERE / "programs"
POLICIES = HERE / "policies"
REQUIREMENTS = HERE.parent / "requirements"
RESULTS = HERE.parent / "results"
_NOTHING: Mapping[str, str] = MappingProxyType({})

#: Backend.AI's name of a deployment.
DEPLOYMENT = "6d3f0c52-8a51-4a8e-9f1e-0c6a5d9b7e11"


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryClient:
    """A client, the environment that `.ci/peers` makes for it, and how it is driven there.

    `program` speaks the client protocol, and has what follows its name as arguments; where `command` is there, the client
    is that command, a process for each message, and `{bin}` is where it lies.
    """

    name: str  #: how the page and its result file name it
    environment: str
    package: str
    keeps: str  #: its way to keep a conversation, as its documentation has it
    policy: str  #: the name of a file in policies/
    program: str = ""
    command: str = ""
    can: Mapping[str, str] = field(default_factory=lambda: _NOTHING)

    @property
    def is_node(self) -> bool:
        """Whether it lives in Node."""
        return ".mjs" in self.program

    @property
    def version(self) -> str:
        """The version that its requirements name."""
        file = REQUIREMENTS / f"{self.environment}{'.npm' if self.is_node else '.in'}"
        at = "@" if self.is_node else "=="
        named = (line.rpartition(at) for line in file.read_text(encoding="utf-8").splitlines())
        return next(version for name, _, version in named if name.partition("[")[0] == self.package)

    @property
    def result(self) -> Path:
        """What is on record of it."""
        return RESULTS / f"history-{self.name}.json"

    def options(self, environments: Path) -> list[str]:
        """How `chatproof client` is to drive it."""
        room = environments / self.environment
        if self.command:
            own = {"{bin}": str(room / "bin"), "{programs}": str(PROGRAMS)}
            ways = {f"{way}={_put(how, own)}" for way, how in self.can.items()}
            return [
                "--argv",
                _put(self.command, own),
                *(word for way in sorted(ways) for word in ("--can", way)),
            ]
        name, *arguments = self.program.split()
        runs = ["node"] if self.is_node else [str(room / "bin" / "python")]
        # chatproof's own packages are not the client's
        where = [f"PYTHONPATH={ROOT}", f"CHATPROOF_NODE={room}"]
        return ["--jsonl", shlex.join(["env", *where, *runs, str(PROGRAMS / name), *arguments])]


def _put(text: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        text = text.replace(name, value)
    return text


_LIST = "the question is appended to a list, the list is sent, and what comes is appended"

HISTORY_CLIENTS: tuple[HistoryClient, ...] = (
    HistoryClient(
        name="openai",
        environment="openai-3",
        package="openai",
        program="openai_list.py",
        policy="list",
        keeps=f"{_LIST}: the message object of the answer; of a stream, its text",
    ),
    HistoryClient(
        name="openai-2",
        environment="openai-2",
        package="openai",
        program="openai_list.py",
        policy="list",
        keeps="the same with version 2",
    ),
    HistoryClient(
        name="openai-async",
        environment="openai-3",
        package="openai",
        program="openai_async.py",
        policy="list",
        keeps=f"{_LIST}: its text, with `AsyncOpenAI`",
    ),
    HistoryClient(
        name="litellm",
        environment="litellm",
        package="litellm",
        program="litellm_list.py",
        policy="list",
        keeps=f"{_LIST}: the message object of the answer; of a stream, its text",
    ),
    HistoryClient(
        name="instructor",
        environment="instructor",
        package="instructor",
        program="instructor_list.py",
        policy="list",
        keeps=f"{_LIST}: its text, with `response_model=None`",
    ),
    HistoryClient(
        name="lm-deluge",
        environment="lm-deluge",
        package="lm-deluge",
        program="lm_deluge_conversation.py",
        policy="list",
        keeps="a `Conversation`: `user` before the call, `with_response` after it",
    ),
    HistoryClient(
        name="minillmlib",
        environment="minillmlib",
        package="minillmlib",
        program="minillmlib_tree.py",
        policy="list",
        keeps="a tree of `ChatNode`s, with `add_child=True`",
    ),
    HistoryClient(
        name="minillmlib-default",
        environment="minillmlib",
        package="minillmlib",
        program="minillmlib_tree.py default",
        policy="list",
        keeps="the same as the README has it, with `add_child` left at its default",
    ),
    HistoryClient(
        name="langchain-history",
        environment="langchain-openai",
        package="langchain-openai",
        program="langchain_history.py",
        policy="whole",
        keeps="`RunnableWithMessageHistory`, which records after the call",
    ),
    HistoryClient(
        name="langchain-trim",
        environment="langchain-openai",
        package="langchain-openai",
        program="langchain_trim.py",
        policy="trimmed",
        keeps='a list, and `trim_messages` with `strategy="last"`, `include_system` and `start_on="human"`',
    ),
    HistoryClient(
        name="langgraph",
        environment="langchain",
        package="langchain",
        program="langgraph_agent.py",
        policy="list",
        keeps="`create_agent` with LangGraph's `InMemorySaver`, which saves what goes into a run before it",
    ),
    HistoryClient(
        name="openai-agents",
        environment="openai-agents",
        package="openai-agents",
        program="openai_agents.py chat",
        policy="list",
        keeps="`Runner.run` with a session, by the chat API; the session saves what goes into a run before it",
    ),
    HistoryClient(
        name="openai-agents-responses",
        environment="openai-agents",
        package="openai-agents",
        program="openai_agents.py responses",
        policy="list",
        keeps="the same by its default, the Responses API",
    ),
    HistoryClient(
        name="pydantic-ai",
        environment="pydantic-ai",
        package="pydantic-ai-slim",
        program="pydantic_ai_history.py",
        policy="pydantic-ai",
        keeps="`all_messages()` of a run is the `message_history` of the next",
    ),
    HistoryClient(
        name="llm",
        environment="llm",
        package="llm",
        program="llm_conversation.py",
        policy="whole",
        keeps="`model.conversation()`, the system prompt with each prompt",
    ),
    HistoryClient(
        name="openai-node",
        environment="openai-node",
        package="openai",
        program="openai_list.mjs",
        policy="list",
        keeps=f"{_LIST}: the message object of the answer; of a stream, its text",
    ),
    HistoryClient(
        name="ai-node",
        environment="ai",
        package="ai",
        program="ai_messages.mjs",
        policy="ai",
        keeps=f"{_LIST}: the messages of the response",
    ),
    HistoryClient(
        name="langchain-node",
        environment="langchain-node",
        package="@langchain/core",
        program="langchain_history.mjs",
        policy="whole",
        keeps="`RunnableWithMessageHistory`, which records after the call",
    ),
    HistoryClient(
        name="openai-agents-node",
        environment="openai-agents-node",
        package="@openai/agents",
        program="openai_agents.mjs chat",
        policy="whole",
        keeps="`Runner.run` with a `MemorySession`, by the chat API",
    ),
    HistoryClient(
        name="openai-agents-node-responses",
        environment="openai-agents-node",
        package="@openai/agents",
        program="openai_agents.mjs responses",
        policy="whole",
        keeps="the same by its default, the Responses API",
    ),
    HistoryClient(
        name="llm-command",
        environment="llm",
        package="llm",
        command="{bin}/llm -m endpoint -c --no-stream -s {system_prompt} -- {text}",
        can={"open": "{bin}/python {programs}/llm_open.py"},
        policy="llm-command",
        keeps="its command: `llm -c`",
    ),
    HistoryClient(
        name="backend-ai",
        environment="backend-ai",
        package="backend.ai-client",
        command=f"{{bin}}/backend.ai v2 deployment chat {DEPLOYMENT} --history-limit {{window}} -- {{text}}",
        can={
            "open": f"{{bin}}/python {{programs}}/backend_ai_open.py {DEPLOYMENT}",
            "clear": f"{{bin}}/backend.ai v2 deployment chat-history clear {DEPLOYMENT}",
        },
        policy="backend-ai",
        keeps="its command: `backend.ai v2 deployment chat`",
    ),
)
