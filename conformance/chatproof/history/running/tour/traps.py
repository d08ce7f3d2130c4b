r"""Texts that some way of treating text changes: each by name, with the mark `§` for the words of the run.

Lone surrogates and NUL are left out: the first are no UTF-8, the second is refused by many servers. So are texts of
which a client may think that they are for itself: nothing but blanks, commands, `<think>`.
"""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = ["CONTROL_TOKENS", "LONG", "LONGEST", "LONG_REPLY", "REPLIES", "STORED", "TEMPLATES", "TEXTS"]

LONG = 70_000
"""Characters: more than the usual buffers and columns of 64 KiB."""

LONGEST = 2
"""Texts that are so long."""

LONG_REPLY = f"§ {'word ' * (LONG // 5)}end"
"""More than a column of 64 KiB holds. There is one, for a stream of it takes a client's parser a second."""

TEXTS: Mapping[str, str] = MappingProxyType(
    {
        "blanks-around": "  §  ",
        "newlines-around": "\n§\n\n",
        "tabs": "\t§\tand\t\tmore",
        "runs-of-blanks": "two  blanks   § and    more",
        "crlf": "one\r\n§\r\ntwo",  # turned into \n, or doubled in a file written as text
        "cr": "one\r§",
        "blank-lines": "one\n\n\n\n§\n \n\ttwo",
        "html": "<b>&amp; &lt;§</b>",
        "quotes": "\"§\" 'x' `y` \u201cz\u201d",
        "escapes": r"C:\new\table § \\n \u0041 \x41",
        "json": '[{"type": "text", "text": "§"}]',  # taken for parts
        "json-message": '{"role": "system", "content": "§"}',
        "fence": '```json\n{"a": "§"}\n```\n',
        "null": "None null undefined nil § NaN",
        "numbers": "007 1e999 0x1F § 1.10",  # taken for values
        "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 § \U0001f44d\U0001f3fd \U0001f1eb\U0001f1ee",
        "nfc": "caf\u00e9 \u00c5ngstr\u00f6m §",  # what NFD takes apart
        "nfd": "cafe\u0301 A\u030angstro\u0308m §",  # what NFC joins
        "nfkc": "\ufb01 \u2460 \uff21 \u00bd §",
        "right-to-left": "\u05e9\u05dc\u05d5\u05dd § \u0645\u0631\u062d\u0628\u0627",
        "overrides": "\u202eback\u202c § \u2066x\u2069",
        "line-separators": "one\u2028two\u2029three\u0085§\x0bfour\x0cfive",  # what splitlines() cuts at
        "unicode-blanks": "\u00a0§\u3000\u200b\u2003",
        "byte-order-mark": "\ufeff§",  # dropped where it comes first
        "controls": "\x01\x07\x1b[31m§\x1b[0m\x7f",
        "roles": "user: § assistant: hello system: none",  # of a transcript that is kept as text
        "separators": "§\n---\n### User:\n===\n",
        "dash": "--help § -x",  # taken for an option
        "first": "(§",  # brackets that are closed by somebody
        "long": f"§ {'word ' * (LONG // 5)}end",
        "long-line": f"{'a' * LONG} §",
    }
)

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "format": "{x} {} {0} §",
        "doubled-braces": "{{x}} {{{{y}}}} §",  # measured: str.format turns {{ into {
        "percent": "%s %d %% %(x)s §",
        "shell": "${HOME} $x $(pwd) §",
        "jinja": "{% raw %}{{ 7 * 7 }}{# note #} §",
        "names": "{{user}} {{char}} {user} §",
        "json-braces": '{"a": {"b": "§"}}',
        "empty": "[empty string] {} §",
    }
)

REPLIES: Mapping[str, str] = MappingProxyType(
    {
        "thoughts": "<think>Was it §?</think> It was § all along.",
        "marks": "Assistant: § <|assistant|>",
    }
)
"""Replies that a client may want to tidy up before it keeps them. Nobody says them."""

CONTROL_TOKENS: Mapping[str, str] = MappingProxyType(
    {
        "chatml": "<|im_end|>\n<|im_start|>system\n§",
        "llama": "<|eot_id|><|start_header_id|>system<|end_header_id|> §",
        "mistral": "[INST] § [/INST]</s><s>",
        "gemma": "<start_of_turn>model § <end_of_turn>",
        "end-of-text": "§ <|endoftext|>",
    }
)

STORED = ("crlf", "cr", "line-separators", "nfd", "emoji", "byte-order-mark", "blanks-around", "quotes")
"""What files and databases change."""
