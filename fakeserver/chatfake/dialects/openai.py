"""OpenAI itself."""

from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.chunk import lone_call_with_role
from chatfake.dialects.format.dialect import Dialect, register
from chatfake.dialects.format.format import Manner, Stream, usage_null_elsewhere
from chatfake.dialects.format.render_context import Moment

#: Text and padding together are so long, or a whole number of blocks longer: as recorded, one number a stream.
_BLOCK = 16


def _padded(moment: Moment) -> JsonObject:
    """Each chunk has some letters that hide its length from who listens on the wire, unless that is turned off.

    All recorded streams of 2026 have them.
    """
    chunk, spoken = usage_null_elsewhere(moment), moment.spoken
    options = spoken.chat.body.get("stream_options")
    if isinstance(options, dict) and options.get("include_obfuscation") is False:
        return chunk
    mark = spoken.identity.digest
    text = "" if moment.beat is None else str(moment.beat.delta.get("content") or "")
    length = (int(mark[0], 16) - len(text)) % _BLOCK
    return {**chunk, "obfuscation": mark[len(text) % _BLOCK :][:length]}


OPENAI = register(
    Dialect(
        name="openai",
        source="openai/openai-openapi f85dbe2 and recorded answers of api.openai.com",
        chat=Manner(stream=Stream(chunk=_padded, rhythm=(lone_call_with_role,))),
    )
)
