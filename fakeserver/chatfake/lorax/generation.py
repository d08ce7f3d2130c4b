"""What a model would have generated to say a reply: tokens, how they end, and with which seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from zlib import crc32

from chatfake.core.json_text import clean, dump, encode
from chatfake.core.tokens import split
from chatfake.generation.logprobs import ALTERNATIVES
from chatfake.generation.reply import Reply, ToolCall

#: The token that ends a sequence.
END = "</s>"
#: The router adds this one to the tools of a request.
NO_TOOL = "no_tool"
_MARKS = {"<unk>": 0, "<s>": 1, END: 2}
_VOCABULARY = 32_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """One token; `rivals` are the likeliest at its place, itself among them."""

    text: str
    logprob: float
    special: bool = False
    alternatives: tuple[tuple[str, float], ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """One sequence; `finish_reason` is `length`, `eos_token` or `stop_sequence`."""

    tokens: tuple[Token, ...]
    finish_reason: str
    seed: int | None = None

    @property
    def text(self) -> str:
        """The generated text: all tokens but the special ones."""
        return "".join(token.text for token in self.tokens if not token.special)

    @property
    def mean_logprob(self) -> float:
        """The mean log probability, by which the best of several sequences is found."""
        return sum(token.logprob for token in self.tokens) / len(self.tokens)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationLimits:
    """The limits that a request sets to what is generated."""

    room: int
    stops: tuple[str, ...] = ()
    ignore_end: bool = False
    alternatives: int | None = None  #: of each token
    tools: bool = False  #: the text is bound to be the call of a tool, "no tool" among them


def generate(reply: Reply, limit: GenerationLimits, mark: str, seed: int | None = None) -> Generation:
    """The reply in tokens. `mark` is what the log probabilities are made of.

    A stop sequence is kept, as in LoRAX; a limit goes before it, and before the end of the sequence. Where the end
    is to be ignored it comes again and again until the limit.
    """
    text = tool_call_text(reply) if limit.tools else reply_text(reply)
    cut = _stopped(text, limit.stops)
    pieces, reason = list(split(text if cut is None else text[:cut])), "stop_sequence"
    ends = 0
    if cut is None:
        # what the content filter cuts short elsewhere is what a stop sequence ends here
        reason = {"length": "length", "content_filter": "stop_sequence"}.get(reply.finish_reason, "eos_token")
        ends = int(reason == "eos_token")
    if ends and limit.ignore_end:
        ends = max(limit.room - len(pieces), 1)
    # a server has no answer without a token
    pieces = pieces or ([] if ends else [""])
    if len(pieces) + ends >= limit.room:
        pieces, ends, reason = pieces[: limit.room], max(min(ends, limit.room - len(pieces)), 0), "length"
    tokens = (*_tokens(pieces, limit, mark), *_ends(len(pieces), ends, limit, mark))
    return Generation(tokens=tokens, finish_reason=reason, seed=seed)


def _tokens(pieces: list[str], limit: GenerationLimits, mark: str) -> Iterator[Token]:
    for place, piece in enumerate(pieces):
        logprob = token_logprob(piece, place, mark)
        yield Token(
            text=piece, logprob=logprob, alternatives=_alternatives(piece, logprob, limit.alternatives)
        )


def _ends(start: int, count: int, limit: GenerationLimits, mark: str) -> Iterator[Token]:
    for place in range(start, start + count):
        logprob = token_logprob(END, place, mark)
        yield Token(
            text=END,
            logprob=logprob,
            special=True,
            alternatives=_alternatives(END, logprob, limit.alternatives),
        )


def reply_text(reply: Reply) -> str:
    """All that a reply says, as a model writes it: calls of tools in the grammar that LoRAX binds them to."""
    text = (reply.text or "") + (reply.refusal or "") + "".join(map(_written, reply.tool_calls[:1]))
    return clean(text)


def tool_call_text(reply: Reply) -> str:
    """The same where tools are offered: a plain text is the call of the tool that is none."""
    if reply.tool_calls:
        return clean(_written(reply.tool_calls[0]))
    return dump({"function": {"_name": NO_TOOL, "content": reply_text(reply)}})


def _written(call: ToolCall) -> str:
    """`{"function":{"_name":"f","city":"Paris"}}` (router/src/tool_grammar.rs); broken arguments stay broken."""
    arguments = call.arguments.strip().removeprefix("{")
    comma = "," if arguments and not arguments.startswith("}") else ""
    name = call.name.replace("\\", "\\\\").replace('"', '\\"')
    return f'{{"function":{{"_name":"{name}"{comma}{arguments or "}"}}}'


def _stopped(text: str, stops: tuple[str, ...]) -> int | None:
    """Where the first stop sequence ends. An empty one ends the first token."""
    ends = [text.index(stop) + len(stop) for stop in set(stops) if stop in text]
    first = len(split(text)[0]) if text else 0
    return min((max(end, first) if end == 0 else end for end in ends), default=None) if text else None


def token_logprob(piece: str, place: int, mark: str) -> float:
    """Invented, and the same for the same token at the same place of the same answer."""
    return -(1 + crc32(encode(f"{mark} {place} {piece}")) % 1000) / 1000


def _alternatives(piece: str, logprob: float, count: int | None) -> tuple[tuple[str, float], ...] | None:
    """The likeliest tokens at a place, the chosen one first; at most as many as the fake has words for."""
    if count is None:
        return None
    others = (other for other in ALTERNATIVES if other != piece)
    ranked = (piece, *others)[: max(count, 0)]
    return tuple((one, round(logprob - 1.5 * rank, 3)) for rank, one in enumerate(ranked))


def token_id(piece: str) -> int:
    """The number of a token in a vocabulary that nobody has; the marks have those that they usually have."""
    return _MARKS.get(piece, 3 + crc32(encode(piece)) % (_VOCABULARY - 3))
