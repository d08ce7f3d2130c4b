"""A chat line by line: what is typed is said, or is a command. The same loop for a terminal and for a pipe.

Rule 1: whatever goes wrong in a round is told in a sentence, and the loop goes on.
Rule 2: Ctrl-C ends an answer, not the program; what is told of the round is what became of it.
"""

from collections.abc import Callable, Generator
from contextlib import closing

from chatproof.chat.address import Address, models_of
from chatproof.chat.advice import advice
from chatproof.chat.commands import COMMANDS, Do, Nothing, Say, Wrong, parsed
from chatproof.chat.lines import NotTextError
from chatproof.chat.pages import conversation, counted
from chatproof.chat.screen import Screen
from chatproof.chat.talk import Talk
from chatproof.clients import AnswerError
from chatproof.gate.escaping import name

__all__ = ["Loop"]

_PREVIEW = 60
"""Characters of what is taken back."""

_LISTED = 40
"""Models that are named."""


class Loop:
    """`read` gives the next line without its end, and raises EOFError where there are no more."""

    def __init__(self, talk: Talk, address: Address, screen: Screen, read: Callable[[], str]) -> None:
        self._talk, self._address, self._screen, self._read = talk, address, screen, read
        self._commands: dict[str, Callable[[Do], None]] = {
            "history": self._history,
            "undo": self._undo,
            "retry": self._retry,
            "branch": self._branch,
            "branches": self._branches,
            "switch": self._switch,
            "clear": self._clear,
            "model": self._model,
            "system": self._system,
            "help": self._help,
        }

    def run(self) -> None:
        """Until /quit, or no more lines come."""
        while True:
            try:
                asked = parsed(self._read())
            except EOFError:
                return
            except NotTextError as error:
                self._screen.tell(f"{error}.")
                continue
            match asked:
                case Nothing():
                    pass
                case Say(text):
                    self.ask(self._talk.say(text))
                case Wrong(sentence):
                    self._screen.tell(sentence)
                case Do("quit"):
                    return
                case Do():
                    self._do(asked)

    def ask(self, pieces: Generator[str, None, None]) -> bool:
        """Show a reply as it comes; whether the round is kept. Where not, it is told why."""
        before = self._talk.rounds[-1:]
        try:
            with closing(pieces):
                self._screen.reply(pieces)
        except AnswerError as error:
            self._screen.tell(self._advice(error))
            return False
        except KeyboardInterrupt:
            if self._talk.rounds[-1:] != before:  # the reply was whole, and not yet all shown
                self._screen.tell("cancelled: the reply had come whole, and is kept.")
                return True
            self._screen.tell("cancelled: nothing of this round is kept.")
            return False
        self._tell_stand_in()
        return True

    def _advice(self, error: AnswerError) -> str:
        try:
            return advice(error, self._address)
        except KeyboardInterrupt:  # it may ask which models there are
            return self._address.gate.line(f"{error}.")

    def _tell_stand_in(self) -> None:
        first, answered = self._talk.models[0].model, self._talk.answered_by
        if answered != first:
            self._screen.tell(f"({name(answered)} answered in the place of {name(first)})")

    def _do(self, command: Do) -> None:
        try:
            self._commands[command.word](command)
        except LookupError as error:
            self._screen.tell(f"{error.args[0]}.")
        except ValueError as error:
            self._screen.tell(f"{error}.")
        except KeyboardInterrupt:
            self._screen.tell(f"/{command.word} is ended.")
        except OSError as error:
            self._screen.tell(f"the history cannot be changed: {error.strerror or error}.")

    def _history(self, command: Do) -> None:
        self._screen.page(conversation(self._talk.rounds, command.number))

    def _undo(self, _: Do) -> None:
        text = " ".join(self._talk.undo().user.split())
        short = text if len(text) <= _PREVIEW else f"{text[:_PREVIEW]}…"
        self._screen.tell(f"taken back: {name(short)} ({self._rounds()} left)")

    def _retry(self, _: Do) -> None:
        self.ask(self._talk.again())

    def _branch(self, command: Do) -> None:
        new = self._talk.branch(command.number)
        self._screen.tell(f"on branch {new.conversation}, after {self._rounds()}; /switch NAME goes back")

    def _branches(self, _: Do) -> None:
        here, store = self._talk.name, self._talk.store
        for one in here.branches(store.keys()):
            mark = "*" if one == here else " "
            self._screen.page(f"{mark} {name(one.conversation)}  {counted(len(store.rounds(one.key)))}")

    def _switch(self, command: Do) -> None:
        self._talk.name = self._talk.name.sibling(command.argument)
        self._screen.tell(f"on {self._talk.name.conversation}: {self._rounds()}")

    def _clear(self, _: Do) -> None:
        had = self._talk.clear()
        self._screen.tell("forgotten." if had else "nothing was said yet.")

    def _model(self, command: Do) -> None:
        if command.argument:
            self._talk.ask_only(command.argument)
            self._screen.tell(f"asking {name(command.argument)} from now on")
            return
        asked = ", then ".join(name(one.model) for one in self._talk.models)
        names = [self._address.gate.name(one) for one in models_of(self._address.listing())]
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        self._screen.page(f"asking {asked}; there are {', '.join(names[:_LISTED]) or 'none listed'}{more}")

    def _system(self, command: Do) -> None:
        if command.argument:
            self._talk.system_prompt = "" if command.argument == "-" else command.argument
        prompt = self._talk.system_prompt
        self._screen.tell(f"system prompt: {name(prompt)}" if prompt else "no system prompt")

    def _help(self, _: Do) -> None:
        rows = [(f"/{word} {takes}".rstrip(), what) for word, (takes, what) in COMMANDS.items()]
        keys = [
            (
                "\\ at the end",
                "the message goes on in the next line; Alt-Enter (or Esc, Enter) does the same",
            ),
            ("//", "a message that begins with a slash"),
            ("Ctrl-C", "ends an answer that is under way, or clears the line"),
        ]
        self._screen.page("\n".join(f"{left:<16} {right}" for left, right in rows + keys))

    def _rounds(self) -> str:
        return counted(len(self._talk.rounds))
