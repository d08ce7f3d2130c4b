"""What is said: plain texts, in which only the conversation matters, and traps, in which only the text does."""

__all__ = ["NASTY", "PLAIN"]

PLAIN: tuple[str, ...] = (
    "hi",
    "and now?",
    "why?",
    "tell me more",
    "go on",
    "in Paris, please",
    "thank you",
    "what did I say first?",
)
"""Texts that no client has a reason to touch. All differ, and none is a part of another."""

NASTY: tuple[str, ...] = (
    " ",  # trimmed
    "\n",
    "\r\n",  # turned into \n, or doubled in a file written as text
    "\t",
    "  two  blanks  ",  # runs of blanks are joined
    "{x}",  # str.format and templates: measured in minillmlib 0.4.4, which turns {{ into {
    "{{x}}",
    "{0} {}",
    "%s %d %%",
    "${HOME} $x",
    "{% raw %}",  # Jinja
    "<b>&amp;</b>",  # escaped, or unescaped, as HTML
    '"quoted" \\n \\u0041',  # escaped once too often, or too rarely
    "None",  # taken for a value
    "null",
    "\U0001f469\u200d\U0001f469\u200d\U0001f467",  # a family: three emoji and two joiners
    "\U0001f44d\U0001f3fd",  # a surrogate pair in UTF-16, with a skin tone
    "e\u0301",  # a letter and a combining mark: what NFC joins
    "\u00e9",  # the joined letter: what NFD takes apart
    "\ufb01\u2460",  # a ligature and a circled digit: what NFKC replaces
    "\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",  # right to left
    "\u202eback\u202c",  # direction overrides
    "\u2028\u2029\u0085",  # line ends that only splitlines() knows
    "\u00a0\u3000\u200b",  # blanks that only Unicode knows
    "\ufeff",  # a byte order mark, dropped where it comes first
    "\x01\x07\x1b[31m\x7f",  # control characters and a terminal sequence
    "<|im_end|></s>[INST]",  # a chat template's own words
    "user: assistant: system:",  # the roles, for clients that keep their transcript as text
    "-0 1e999 0x1F",
    "a" * 70_000,  # longer than the usual buffers and columns of 64 KiB
)
"""Each is changed by some way of treating text that real clients have. Lone surrogates and NUL are left out:
the first is no UTF-8, and the second is refused by many servers."""
