"""The build's hook for README: on an index of packages, links to files of the project lead nowhere.

There, a link says which file of the source distribution it means, and pictures are left out.
"""

import re
from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface

_PICTURE = re.compile(r"^!\[[^\]]*\]\((?!https?:)[^)]*\)\n\n?", re.MULTILINE)
_LINK = re.compile(r"\[([^\]]+)\]\((?![a-z]+:|#)([^)]+)\)")
_REMARK = re.compile(r"^<!--.*?-->\n", re.MULTILINE)


def readme(text: str) -> str:
    """README without links to files, pictures of them, and remarks for the project's tests."""
    text = _REMARK.sub("", _PICTURE.sub("", text))
    return _LINK.sub(lambda link: f"`{link[2]}`" if link[1] == link[2] else f"{link[1]} (`{link[2]}`)", text)


class CustomMetadataHook(MetadataHookInterface):
    """Gives the distribution its readme."""

    def update(self, metadata: dict[str, object]) -> None:
        """Set `readme`."""
        text = (Path(self.root) / "README.md").read_text(encoding="utf-8")
        metadata["readme"] = {"content-type": "text/markdown", "text": readme(text)}
