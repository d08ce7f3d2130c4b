"""Mistakes with calls of tools."""

import json
from typing import Any

from chatproof.history.model.policy import Policy
from chatproof.selftest.bots.bot import Bot, Failed, Json, StreamingBot, object_of
from chatproof.selftest.mutants.mutant import mutant

__all__: list[str] = []

TOOLS = Policy(tools=3)


@mutant("tools.parallel", policy=TOOLS)
class AnswersTheFirstCall(Bot):
    """Answers the first of several calls."""

    def results(self, calls: list[Json]) -> list[Json]:
        return super().results(calls[:1])


@mutant("tools.parallel", policy=TOOLS)
class AnswersBackwards(Bot):
    """Answers calls in the order in which they end."""

    def results(self, calls: list[Json]) -> list[Json]:
        return list(reversed(super().results(calls)))


@mutant("tools.paired", policy=TOOLS)
class LosesTheCall(Bot):
    """Sends results without the message that asked for them."""

    def calling(self, reply: Json) -> Json:
        told = ", ".join(call["function"]["arguments"] for call in reply["tool_calls"])
        return {"role": "assistant", "content": reply.get("content") or f"I look it up: {told}"}


@mutant("tools.paired", "tools.parallel", "tools.failure-is-a-result", "tools.unknown-tool", policy=TOOLS)
class MakesUpIds(Bot):
    """Sends results under ids of its own."""

    def result(self, call: Json) -> Json:
        return {**super().result(call), "tool_call_id": "call_1"}


@mutant("tools.paired", "tools.parallel", policy=TOOLS)
class KeepsTheReplyAlone(Bot):
    """Keeps of a round with tools the question and the reply."""

    def record(self, messages: list[Json]) -> None:
        super().record([messages[0], messages[-1]])


@mutant("tools.paired", "tools.parallel", "tools.failure-is-a-result", "tools.unknown-tool", policy=TOOLS)
class ForgetsResults(Bot):
    """Keeps calls without their results."""

    def record(self, messages: list[Json]) -> None:
        super().record([one for one in messages if one["role"] != "tool"])


@mutant("tools.arguments-verbatim", policy=TOOLS)
class WritesArgumentsAnew(Bot):
    """Reads arguments and writes them again."""

    def calling(self, reply: Json) -> Json:
        message = super().calling(reply)
        return {**message, "tool_calls": [_anew(call) for call in message["tool_calls"]]}


def _anew(call: Json) -> Json:
    function = call["function"]
    try:
        arguments = json.dumps(json.loads(function["arguments"]), separators=(",", ":"))
    except ValueError:
        arguments = function["arguments"]
    return {**call, "function": {**function, "arguments": arguments}}


@mutant("tools.arguments-string", "tools.arguments-verbatim", "accumulate.request-valid", policy=TOOLS)
class SendsArgumentsAsObject(Bot):
    """Sends arguments as an object."""

    def calling(self, reply: Json) -> Json:
        message = super().calling(reply)
        return {**message, "tool_calls": [_as_object(call) for call in message["tool_calls"]]}


def _as_object(call: Json) -> Json:
    function = call["function"]
    try:
        arguments: Any = json.loads(function["arguments"])
    except ValueError:
        arguments = {}
    return {**call, "function": {**function, "arguments": arguments}}


@mutant("tools.text-kept", policy=TOOLS)
class DropsTextBesideCalls(Bot):
    """Keeps calls without the text beside them."""

    def calling(self, reply: Json) -> Json:
        return {**super().calling(reply), "content": None}


@mutant("tools.failure-is-a-result", "tools.unknown-tool", "answer.returned", "record.recovers", policy=TOOLS)
class BreaksWithATool(Bot):
    """An error in a tool ends the round, half of which is kept."""

    def result(self, call: Json) -> Json:
        function = call["function"]
        arguments = json.loads(function["arguments"] or "{}")
        text = self.endpoint.tools[function["name"]](str(arguments.get("query", "")))
        return {"role": "tool", "tool_call_id": call["id"], "content": text}


@mutant("tools.unknown-tool", policy=TOOLS)
class SkipsUnknownTools(Bot):
    """Gives no result for a tool that it does not have."""

    def results(self, calls: list[Json]) -> list[Json]:
        return super().results([call for call in calls if call["function"]["name"] in self.endpoint.tools])


@mutant("tools.failure-is-a-result", policy=TOOLS)
class SkipsToolsThatFail(Bot):
    """Gives no result for a tool that raises."""

    def results(self, calls: list[Json]) -> list[Json]:
        return [one for one in super().results(calls) if one["content"] != "error: RuntimeError"]


@mutant("tools.bounded", policy=TOOLS)
class CallsWithoutEnd(Bot):
    """Goes on with calls far beyond what is declared."""

    def answer(self, messages: list[Json]) -> list[Json]:
        for _ in range(30):
            reply = self.ask([*self.head(), *self.view(self.history), *messages])
            calls = reply.get("tool_calls")
            if not calls:
                return [*messages, self.assistant(reply)]
            messages = [*messages, self.calling(reply), *self.results(calls)]
        raise Failed("the model calls tools without end")


@mutant("tools.fragments", "tools.parallel", "tools.paired", "tools.arguments-string", policy=TOOLS)
class AssemblesByArrival(StreamingBot):
    """Puts fragments of calls together as they come, whatever their index says."""

    def assemble(self, calls: dict[int, Json], part: Json) -> None:
        if part.get("id"):
            super().assemble(calls, {**part, "index": len(calls)})
        else:
            super().assemble(calls, {**part, "index": max(len(calls) - 1, 0)})


@mutant("tools.fragments", "tools.arguments-verbatim", "tools.arguments-string", policy=TOOLS)
class KeepsTheLastFragment(StreamingBot):
    """Keeps the last fragment of arguments in place of all."""

    def assemble(self, calls: dict[int, Json], part: Json) -> None:
        arguments = object_of(part.get("function")).get("arguments")
        super().assemble(calls, part)
        if arguments:
            calls[part["index"]]["function"]["arguments"] = arguments


@mutant("tools.fault-after-call", policy=TOOLS)
class KeepsACallThatFailed(Bot):
    """Keeps the call of a round that failed, without results."""

    def answer(self, messages: list[Json]) -> list[Json]:
        question = messages
        for _ in range(4):
            try:
                reply = self.ask([*self.head(), *self.view(self.history), *messages])
            except Failed:
                if len(messages) > 1:
                    self.history = [*self.history, *messages[:2]]
                raise
            calls = reply.get("tool_calls")
            if not calls:
                return [*messages, self.assistant(reply)]
            messages = [*messages, self.calling(reply), *self.results(calls)]
        raise Failed(f"no end to {len(question)}")


@mutant("accumulate.once", "accumulate.last-is-new", policy=TOOLS)
class AsksAnewWithEachTool(Bot):
    """Puts what was said behind each result once more."""

    def results(self, calls: list[Json]) -> list[Json]:
        return [*super().results(calls), self.question]

    question: Json

    def answer(self, messages: list[Json]) -> list[Json]:
        self.question = messages[0]
        return super().answer(messages)
