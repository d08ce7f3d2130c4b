"""What a process has but once, in a process that serves one client in Python after the other."""

import os
import resource
import signal
import sys
import warnings
from contextlib import suppress

__all__ = ["Surroundings"]


class Surroundings:
    """Put back before the next client: what one did to it is not the next one's fault."""

    def __init__(self) -> None:
        self._folder = os.open(".", os.O_RDONLY)
        self._out = os.dup(1)
        self._variables = dict(os.environ)
        self._files = resource.getrlimit(resource.RLIMIT_FSIZE)
        # each time, for it may be about another client's file
        warnings.filterwarnings("always", category=UserWarning)
        warnings.filterwarnings("always", category=RuntimeWarning)
        self._cores = resource.getrlimit(resource.RLIMIT_CORE)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    def restore_folder(self) -> None:
        """Back to where the process began."""
        with suppress(OSError):
            os.fchdir(self._folder)

    def restore(self) -> None:
        """Folder, variables, limits, and streams that are open."""
        self.restore_folder()
        resource.setrlimit(resource.RLIMIT_FSIZE, self._files)
        resource.setrlimit(resource.RLIMIT_CORE, self._cores)
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        os.environ.clear()
        os.environ.update(self._variables)
        for fd in (1, 2):
            os.dup2(self._out, fd)
        sys.stdout = open(1, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1)  # noqa: SIM115
        sys.stderr = open(2, "w", encoding="utf-8", errors="replace", closefd=False, buffering=1)  # noqa: SIM115

    def forbid_files(self) -> None:
        """No file can grow, whoever runs this: a limit holds for root too."""
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, self._files[1]))

    def kill_beyond(self, size: int) -> None:
        """The process ends in the write with which a file would be larger: what fits is written, as in a crash."""
        # nobody wants the memory of a client on disk
        resource.setrlimit(resource.RLIMIT_CORE, (0, self._cores[1]))
        resource.setrlimit(resource.RLIMIT_FSIZE, (size, self._files[1]))
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
