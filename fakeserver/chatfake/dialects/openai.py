"""OpenAI itself."""

from chatfake.core.json_text import JsonObject
from chatfake.dialects.format.chunk import lone_call_with_role
from chatfake.dialects.format.dialect import Dialect, register
from chatfake.dialects.format.format import Format, Stream, usage_null_elsewhere
from chatfake.dialects.format.render_context import RenderContext

#: Text and padding together are so long, or a whole number of blocks longer: as recorded, one number a stream.
_BLOCK = 16


def _padded(context: RenderContext) -> JsonObject:
    """Each chunk has some letters that hide its length from who listens on the wire, unless that is turned off.

    All recorded streams of 2026 have them.
    """
    chunk, completion = usage_null_elsewhere(context), context.completion
    options = completion.chat.body.get("stream_options")
    if isinstance(options, dict) and options.get("include_obfuscation") is False:
        return chunk
    mark = completion.identity.digest
    text = "" if context.chunk is None else str(context.chunk.delta.get("content") or "")
    length = (int(mark[0], 16) - len(text)) % _BLOCK
    return {**chunk, "obfuscation": mark[len(text) % _BLOCK :][:length]}


OPENAI = register(
    Dialect(
        name="openai",
        source="openai/openai-openapi f85dbe2 and recorded answers of api.openai.com",
        chat=Format(stream=Stream(chunk=_padded, transforms=(lone_call_with_role,))),
    )
)
