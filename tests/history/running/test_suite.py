"""The rules as a test class in other people's tests."""

from collections.abc import Iterator

import pytest

pytest_plugins = ["pytester"]

SUITE = """
    import chatproof
    from chatproof import {unit}, Policy
    from chatproof.history import Search
    from chatproof.selftest.bots import bot
    from chatproof.selftest.mutants import record, truncate

    class TestMemory(chatproof.HistoryClientSuite):
        policy = Policy({policy})
        search = Search(examples={examples})
        xfail = {xfail}
        seconds = 2.0

        def client(self, endpoint):
            return {client}(endpoint)
"""
OPTIONS = ("-p", "no:cacheprovider", "-rA")


def write(pytester: pytest.Pytester, client: str, **members: str) -> None:
    """The class, in a file of its own."""
    given = {"policy": "", "xfail": "{}", "examples": "0", "unit": "Messages", **members}
    pytester.makepyfile(SUITE.format(client=client, **given))


def run(pytester: pytest.Pytester, client: str, *args: str, **members: str) -> pytest.RunResult:
    """Run it in this process."""
    write(pytester, client, **members)
    return pytester.runpytest_inprocess(*OPTIONS, "-W", "error", *args)


def outcomes(result: pytest.RunResult) -> Iterator[tuple[str, str]]:
    """Rule and outcome of each test, in order of the rules."""
    for line in sorted(result.outlines):
        word, _, rest = line.partition(" ")
        if word in {"PASSED", "FAILED", "XFAIL"} and "[" in rest:
            yield rest.partition("[")[2].partition("]")[0], word


def test_it_is_one_test_for_each_rule_and_skips_say_why(pytester: pytest.Pytester) -> None:
    result = run(pytester, "bot.Bot", policy="window=Messages(3)")
    counts = result.parseoutcomes()
    assert set(counts) == {"passed", "skipped"}
    assert counts["passed"] > 40
    text = result.stdout.str()
    assert "::TestMemory::test_client_keeps[truncate.bound]" in text
    assert "tree.path: not claimed: it has no branches" in text
    assert "record.stream-cut: not reached: no request of the client asked for a stream" in text


def test_a_failure_is_a_story_without_a_traceback(pytester: pytest.Pytester) -> None:
    result = run(
        pytester, "truncate.IgnoresTheWindow", "-k", "truncate.bound or order", policy="window=Messages(6)"
    )
    result.assert_outcomes(passed=1, failed=1, deselected=90)
    result.stdout.fnmatch_lines(
        [
            "BROKEN  truncate.bound  must",
            "*shortest conversation, 3 of 3, window 6 messages, system prompt kept",
            "*outside the window",
            "*again  pytest '*::TestMemory::test_client_keeps[[]truncate.bound[]]'",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")
    result.stdout.no_fnmatch_line("*suite.py*")


def test_known_failures_are_expected_and_stale_ones_refused(pytester: pytest.Pytester) -> None:
    known = (
        '{"truncate.bound": "see #42", "record.empty-choices": "see #43", "tree.path": "#44",'
        ' "record.stream-cut": "#45"}'
    )
    chosen = "truncate.bound or record.empty-choices or tree.path or stream-cut"
    result = run(
        pytester, "truncate.IgnoresTheWindow", "-k", chosen, policy="window=Messages(6)", xfail=known
    )
    result.assert_outcomes(xfailed=1, failed=3, deselected=88)
    text = result.stdout.str()
    assert "record.empty-choices is kept: take it out of xfail (see #43)" in text
    assert "tree.path stands in xfail (#44), and is not-claimed" in text
    assert "record.stream-cut stands in xfail (#45), and is not-reached" in text


def test_rules_near_an_unknown_one_are_named(pytester: pytest.Pytester) -> None:
    result = run(pytester, "bot.Bot", xfail='{"truncate.bounds": "?"}')
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*ValueError: TestMemory.xfail: no rule is called 'truncate.bounds'; near are truncate.bound*"]
    )


def test_without_a_client_it_says_what_to_define(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import chatproof\nclass TestMemory(chatproof.HistoryClientSuite): pass")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-k", "complete or order")
    result.assert_outcomes(failed=2, deselected=90)
    told = (
        "*the factory raised NotImplementedError: TestMemory must define client(self, endpoint)*was judged."
    )
    result.stdout.fnmatch_lines([told])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_client_that_hangs_fails_what_was_not_judged(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        slow="""
        import time
        from chatproof.selftest.bots.bot import Bot
        class Slow(Bot):
            def say(self, text):
                if len(self.history) > 2:
                    time.sleep(30)
                return super().say(text)
        """
    )
    result = run(pytester, "__import__('slow').Slow", "-k", "answer.returned or accumulate.verbatim")
    result.assert_outcomes(failed=2, deselected=90)
    text = result.stdout.str()
    assert "accumulate.verbatim could not be judged: the client did not come back" in text
    assert "it did not come back within 2 s" in text


def test_keys_are_not_shown(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_API_KEY", "nobody-is-to-see-4711")
    result = run(
        pytester,
        "type('Tells', (bot.Bot,), {'told': lambda self, _: 'x' + __import__('os').environ['MY_API_KEY']})",
        "-k",
        "answer.returned",
    )
    result.assert_outcomes(failed=1, deselected=91)
    assert "nobody-is-to-see-4711" not in result.stdout.str()


@pytest.mark.exhaustive
def test_verdicts_are_the_same_in_any_order_twice_and_in_two_workers(pytester: pytest.Pytester) -> None:
    write(pytester, "record.KeepsWhatHadNoChoice", examples="5")
    pytester.makeconftest(
        """
        def pytest_addoption(parser):
            parser.addoption("--backwards", action="store_true")

        def pytest_collection_modifyitems(config, items):
            if config.getoption("--backwards"):
                items.reverse()
        """
    )
    runs = [
        dict(outcomes(pytester.runpytest_subprocess(*OPTIONS, *options, timeout=300)))
        for options in ((), (), ("--backwards",), ("-n", "2"))
    ]
    assert runs[0]["record.empty-choices"] == "FAILED"
    assert runs[0]["accumulate.order"] == "PASSED"
    assert all(one == runs[0] for one in runs[1:])
