"""The line that is edited at a terminal: several lines of a message, what was said before, words of commands."""

from collections.abc import Callable, Iterable

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

from chatproof.chat.commands import COMMANDS, unfinished

__all__ = ["at_terminal"]

_PROMPT, _NEXT = "> ", "  "


class _Words(Completer):
    """A command's word, at the start of the line."""

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        del complete_event
        typed = document.text_before_cursor
        if typed.startswith("/") and typed[1:].isalpha() | (typed == "/"):
            for word, (takes, what) in COMMANDS.items():
                if word.startswith(typed[1:].lower()):
                    yield Completion(f"/{word}", -len(typed), display=f"/{word} {takes}", display_meta=what)


def _keys() -> KeyBindings:
    keys = KeyBindings()

    @keys.add("enter")
    def _enter(event: KeyPressEvent) -> None:  # pyright: ignore[reportUnusedFunction]  the decorator keeps it
        buffer = event.current_buffer
        if (
            unfinished(buffer.document.current_line_before_cursor)
            and buffer.document.is_cursor_at_the_end_of_line
        ):
            buffer.delete_before_cursor()
            buffer.insert_text("\n")
        else:
            buffer.validate_and_handle()

    @keys.add("escape", "enter")
    def _further(event: KeyPressEvent) -> None:  # pyright: ignore[reportUnusedFunction]
        event.current_buffer.insert_text("\n")

    return keys


def at_terminal(said: Iterable[str]) -> Callable[[], str]:
    """What reads a message at the terminal; `said` are those that the up key goes back to, oldest first.

    Ctrl-C clears the line; Ctrl-D on an empty one raises EOFError.
    """
    session: PromptSession[str] = PromptSession(
        history=InMemoryHistory(list(said)),
        multiline=True,
        key_bindings=_keys(),
        completer=_Words(),
        complete_while_typing=False,
        prompt_continuation=_NEXT,
    )

    def read() -> str:
        while True:
            try:
                return session.prompt(_PROMPT)
            except KeyboardInterrupt:
                continue

    return read
