"""The face of the package is what it says it is."""

import chatschema


def test_all_is_sorted_and_every_name_is_real() -> None:
    assert chatschema.__all__ == sorted(chatschema.__all__)
    assert all(hasattr(chatschema, name) for name in chatschema.__all__)


def test_nothing_public_is_left_out_of_all() -> None:
    shown = {
        name
        for name, value in vars(chatschema).items()
        if not name.startswith("_") and not hasattr(value, "__path__") and type(value).__name__ != "module"
    }
    assert shown == set(chatschema.__all__)
