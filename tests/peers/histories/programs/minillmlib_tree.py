"""minillmlib: a ChatNode a message, each the child of the one before. `minillmlib_tree.py default` leaves add_child out."""

import importlib
import sys
import warnings
from typing import Any

from tests.peers.histories.programs.driving import Setup, serve

warnings.simplefilter("ignore")  # it checks no certificate, and urllib3 says so each time
minillmlib: Any = importlib.import_module("minillmlib")


class Chat:
    """The leaf of a tree."""

    def __init__(self, setup: Setup, _: str) -> None:
        model = minillmlib.GeneratorInfo(
            model=setup["model"],
            _format="url",
            api_url=f"{setup['base_url']}/chat/completions",
            api_key=setup["api_key"],
        )
        child = {} if "default" in sys.argv else {"add_child": True}
        # its own pause is a second, and all of its five tries fail alike
        self.asked = minillmlib.NodeCompletionParameters(gi=model, back_off_time=0.01, **child)
        self.leaf = minillmlib.ChatNode(setup["system_prompt"], role="system")

    def say(self, text: str) -> Any:
        self.leaf = self.leaf.add_child(minillmlib.ChatNode(text))
        self.leaf = self.leaf.complete_one(self.asked)
        return self.leaf.content


serve(Chat)
