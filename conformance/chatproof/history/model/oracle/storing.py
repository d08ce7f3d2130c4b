"""What nobody knows of a history where nothing can be stored: what has changed may have changed in memory alone."""

from chatproof.history.model.message import Message
from chatproof.history.model.oracle.transcript import Part, Transcript

__all__ = ["Storing"]


class Storing:
    """Whether what is said is stored, and how the history was when it last was.

    Of what is added, taken away or put elsewhere meanwhile each request may carry what it likes: a client that reads
    its store anew has the old history, one that does not has the new one, and after a restart all have the old one.
    """

    def __init__(self, transcript: Transcript) -> None:
        self._transcript = transcript
        self._before: dict[str, list[int]] = {}
        self._since = 0
        self._doubtful: set[int] = set()
        self.works = True

    def forbid(self) -> None:
        """From now on nothing is stored."""
        self.works = False
        self._since = len(self._transcript.nodes)
        self._look()

    def restart(self, *, works: bool) -> None:
        """What was said meanwhile is nowhere, or was stored in some way that nobody sees."""
        if not self.works:
            for node in self._transcript.nodes[self._since :]:
                node.excused = True
        self.works = works

    def changed(self, *, said: bool) -> None:
        """A move is over; with `said` what it added is as doubtful by itself."""
        if self.works:
            return
        for key, path in self._transcript.paths.items():
            now, before = set(path), set(self._before.get(key, ()))
            for id_ in before - now if said else before ^ now:
                self._transcript.nodes[id_].excused = True
                self._doubtful.add(id_)
        self._look()

    def may_ask(self, question: Message) -> bool:
        """Whether a client that has the history from before may ask this again, which is none of the last round."""
        nodes = self._transcript.nodes
        return any(
            nodes[id_].part is Part.QUESTION and nodes[id_].message == question for id_ in self._doubtful
        )

    def _look(self) -> None:
        self._before = {key: list(path) for key, path in self._transcript.paths.items()}
