"""A program on the openai SDK, run by the tests under version 2 and version 3: asks for a reply without text
in JSON and SSE mode and prints what the SDK makes of it, as JSON. Usage: sdk_program.py BASE_URL MODEL
"""

import json
import sys
from typing import Any

import openai

client = openai.OpenAI(base_url=sys.argv[1], api_key="sk-test", max_retries=0)
asked: dict[str, Any] = {
    "model": sys.argv[2],
    "messages": [{"role": "user", "content": "What is the weather in Paris?"}],
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "get_weather",
                "parameters": {
                    "type": "object",
                    "properties": {"city": {"type": "string"}},
                    "required": ["city"],
                },
            },
        }
    ],
}

# the answers are printed as they are, whatever this version declares
create: Any = client.chat.completions.create
whole = create(**asked)
chunks = list(create(stream=True, **asked))
fragments = [
    fragment
    for chunk in chunks
    for choice in chunk.choices
    for fragment in choice.delta.tool_calls or []
    if fragment.function
]
sys.stdout.write(
    json.dumps(
        {
            "version": openai.__version__,
            "choices": [
                {
                    "content": choice.message.content,
                    "finish_reason": choice.finish_reason,
                    "calls": [
                        [call.function.name, call.function.arguments]
                        for call in choice.message.tool_calls or []
                    ],
                }
                for choice in whole.choices
            ],
            "streamed": {
                "chunks": len(chunks),
                "content": "".join(c.delta.content or "" for chunk in chunks for c in chunk.choices),
                "finish_reasons": [
                    c.finish_reason for chunk in chunks for c in chunk.choices if c.finish_reason
                ],
                "name": "".join(f.function.name or "" for f in fragments),
                "arguments": "".join(f.function.arguments or "" for f in fragments),
            },
        }
    )
)
