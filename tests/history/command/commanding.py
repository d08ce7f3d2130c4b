"""What the tests of the command share: a folder to be in, clients that do harm, and the command itself."""

from click.testing import CliRunner, Result

from chatproof.cli import main

GOOD = "chatproof.selftest.bots.bot:Bot"
#: It breaks `record.empty-choices`, and nothing else.
BAD = "chatproof.selftest.mutants.record:KeepsWhatHadNoChoice"

#: Two rules of which BAD breaks one, and the shortest run of them.
TWO = ("-k", "record.empty-choices or accumulate.order", "--examples", "0")


def client(*args: str) -> Result:
    """`chatproof client`; a fault of ours is raised."""
    return CliRunner().invoke(main, ["client", *args], catch_exceptions=False, prog_name="chatproof")


def explain(*args: str) -> Result:
    """`chatproof explain`."""
    return CliRunner().invoke(main, ["explain", *args], catch_exceptions=False, prog_name="chatproof")


#: Clients that do to their process what a judge in it would not survive.
HARMFUL = """
import ctypes, os, sys, threading, time
from chatproof.selftest.bots.bot import Bot

class Odd(Exception):
    def __str__(self):
        raise RuntimeError

class Late(Bot):
    def say(self, text):
        if len(self.history) > 1:
            self.harm()
        return super().say(text)

class Exits(Late):
    def harm(self):
        print("going\\x1b[31m now, sk-proj-" + 40 * "a")
        os._exit(3)

class Crashes(Late):
    def harm(self):
        ctypes.string_at(0)

class Hangs(Late):
    def harm(self):
        time.sleep(1000)

class Raises(Late):
    def harm(self):
        raise Odd

class Shouts(Late):
    def harm(self):
        raise ValueError("\\ud800\\n::error file=x::owned")

class Floods(Bot):
    def say(self, text):
        os.chdir("/")
        if not sys.stdout.closed:
            print("flood " * 20_000)
            sys.stdout.buffer.write(b"flood\\xff" * 20_000)
            sys.stdout.close()
        return super().say(text)

class Stays(Bot):
    def say(self, text):
        threading.Thread(target=threading.Event().wait).start()
        return super().say(text)

class Refuses(Bot):
    def from_messages(self, messages):
        raise RuntimeError("not from a list")

def slow(endpoint):
    time.sleep(1000)

def leaves(endpoint):
    sys.exit(0)

def ends(endpoint):
    os._exit(7)

BUILT = []
def once(endpoint):
    BUILT.append(1)
    if len(BUILT) > 1:
        raise RuntimeError("no licence for more")
    return Bot(endpoint)
"""
