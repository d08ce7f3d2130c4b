"""What conversations are called, and where they are."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatproof.chat.names import Name, default_file

URLS = st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1).map(
    lambda text: f"http://{text}/v1"
)
NAMES = st.from_regex(r"\A[a-zA-Z0-9][\w.~@+-]{0,20}\Z")


@given(URLS, NAMES)
def test_a_key_is_read_back(url: str, conversation: str) -> None:
    name = Name(url, "").sibling(conversation)
    assert Name.of(name.key) == name


@given(st.lists(NAMES, max_size=5), NAMES)
def test_a_new_branch_is_new_and_of_the_family(others: list[str], conversation: str) -> None:
    here = Name("http://x/v1", conversation)
    keys = [here.key, *(Name(here.url, other).key for other in others)]
    for _ in range(3):
        new = here.next_branch(keys)
        assert new.key not in keys
        keys.append(new.key)
        assert new in here.branches(keys)
        assert here in new.branches(keys)
    assert all(one.trunk == here.trunk for one in here.branches(keys))


@pytest.mark.parametrize("name", ["", "two words", "a/b", "-x", "~2", "a\n", "x" * 101, "a\u202eb"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="a conversation's name"):
        Name("http://x/v1", "").sibling(name)


def test_branches_are_in_the_order_in_which_they_began() -> None:
    here = Name("u", "talk")
    keys = [Name("u", f"talk~{n}").key for n in (10, 2, 3)] + ["u other", "v talk~2", "talk~4"]
    assert [one.conversation for one in here.branches(keys)] == ["talk", "talk~2", "talk~3", "talk~10"]


def test_the_file_is_where_xdg_says() -> None:
    home = Path("/home/me")
    assert default_file({}, home) == home / ".local/share/chatproof/history.json"
    assert default_file({"XDG_DATA_HOME": "/data"}, home) == Path("/data/chatproof/history.json")
    for ignored in ("", "relative/data"):
        assert default_file({"XDG_DATA_HOME": ignored}, home) == default_file({}, home)
