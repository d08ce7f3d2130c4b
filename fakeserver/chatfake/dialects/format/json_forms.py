"""How servers write the text of JSON beside OpenAI's compact form."""

from chatfake.core.json_text import dump

#: Go's encoder escapes what could end a script in a page.
_ESCAPED = str.maketrans(
    {
        "<": "\\u003c",
        ">": "\\u003e",
        "&": "\\u0026",
        chr(0x2028): "\\u2028",
        chr(0x2029): "\\u2029",
    }
)


def line(value: object) -> str:
    """Compact, with a newline at the end."""
    return f"{dump(value)}\n"


def go_json(value: object) -> str:
    """As Go's `json.Marshal` writes it."""
    return dump(value).translate(_ESCAPED)


def go_line(value: object) -> str:
    """As Go's `json.Encoder` writes it."""
    return f"{go_json(value)}\n"
