"""How servers write the text of JSON beside OpenAI's compact form."""

from chatfake.core.json_text import dump

#: Go's encoder escapes what could end a script in a page.
_ESCAPED = str.maketrans({char: f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"})


def line(value: object) -> str:
    """Compact, with a newline at the end."""
    return f"{dump(value)}\n"


def go_json(value: object) -> str:
    """As Go's `json.Marshal` writes it."""
    return dump(value).translate(_ESCAPED)


def go_line(value: object) -> str:
    """As Go's `json.Encoder` writes it."""
    return f"{go_json(value)}\n"
