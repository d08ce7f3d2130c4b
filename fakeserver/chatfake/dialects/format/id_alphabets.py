"""Ids in the alphabets that servers use, made of the hexadecimal digits that stand for a request or a call."""

from collections.abc import Callable
from string import ascii_lowercase, ascii_uppercase, digits

LOWER = digits + ascii_lowercase
MIXED = digits + ascii_uppercase + ascii_lowercase
#: That of ULIDs, in lower case.
CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
#: Without the letters that are taken for one another.
BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"

#: So many letters of these alphabets can be drawn of 64 hexadecimal digits.
MOST = 42


def letters(mark: str, alphabet: str, count: int) -> str:
    """So many letters, the same for the same mark."""
    number = int(mark or "0", 16)
    drawn: list[str] = []
    for _ in range(count):
        number, place = divmod(number, len(alphabet))
        drawn.append(alphabet[place])
    return "".join(drawn)


def lettered(prefix: str, alphabet: str, count: int) -> Callable[[str], str]:
    """Ids of a prefix and so many letters."""
    return lambda mark: prefix + letters(mark, alphabet, count)
