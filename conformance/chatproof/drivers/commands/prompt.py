"""By what a program shows that it waits for a line: given, or found out and tried."""

from chatproof.history.model.printed import plain

__all__ = ["candidate", "common", "ends_with", "without_echo"]

_TAIL = 4_096


def ends_with(printed: bytes, prompt: str) -> bool:
    """Whether what was printed ends with a prompt, whatever colours it has."""
    return plain(printed[-_TAIL:].decode("utf-8", "replace")).endswith(prompt)


def candidate(printed: bytes) -> str:
    """What may be a prompt: the last line; the last with a word in it, where they all are ended. Empty: none."""
    text = plain(printed[-_TAIL:].decode("utf-8", "replace"))
    shown = text.rstrip()
    if not shown:
        return ""
    begin = max(shown.rfind("\n"), shown.rfind("\r")) + 1
    return text[begin:]


def common(one: str, other: str) -> str:
    """How both end: of prompts that count, or tell the time, what stays. Empty where that is nothing to see."""
    size = 0
    while size < min(len(one), len(other)) and one[-size - 1] == other[-size - 1]:
        size += 1
    shared = one[len(one) - size :]
    return shared if shared.strip() else ""


def without_echo(printed: str, line: str) -> str:
    """What was printed without the line that a program repeats as it is typed."""
    begun = printed.lstrip()
    return begun[len(line) :] if line and begun.startswith(line) else printed
