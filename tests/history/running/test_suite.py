"""The rules as a test class in other people's tests."""

import pytest

pytest_plugins = ["pytester"]

SUITE = """
    import chatproof
    from chatproof import Messages, Policy
    from chatproof.clients import MessageList
    from chatproof.history import Search
    from tests.history import mutants

    class TestMemory(chatproof.HistoryClientSuite):
        policy = Policy({policy})
        search = Search(examples=6)
        xfail = {xfail}

        def client(self, endpoint):
            return {client}.at(endpoint)
"""


def run(
    pytester: pytest.Pytester, client: str, *args: str, policy: str = "window=Messages(3)", xfail: str = "{}"
) -> pytest.RunResult:
    pytester.makepyfile(SUITE.format(client=client, policy=policy, xfail=xfail))
    return pytester.runpytest_inprocess("-p", "no:cacheprovider", "-W", "error", "-rA", *args)


def test_suite_is_one_test_for_each_rule(pytester: pytest.Pytester) -> None:
    result = run(pytester, "MessageList", "-v")
    result.assert_outcomes(passed=5)
    result.stdout.fnmatch_lines(["*::TestMemory::test_client_keeps[[]truncate.bound[]] PASSED*"])


def test_suite_skips_what_is_not_claimed_and_says_why(pytester: pytest.Pytester) -> None:
    result = run(pytester, "MessageList", "-k", "truncate", policy="")
    result.assert_outcomes(skipped=2, deselected=3)
    result.stdout.fnmatch_lines(["SKIPPED*truncate.bound is not claimed: no window is declared"])


def test_suite_tells_the_story_of_a_failure_without_a_traceback(pytester: pytest.Pytester) -> None:
    result = run(pytester, "mutants.IgnoresWindow", "-k", "truncate.bound or record")
    result.assert_outcomes(passed=1, failed=1, deselected=3)
    result.stdout.fnmatch_lines(
        [
            "BROKEN  truncate.bound  must",
            "*shortest conversation, window 3 messages, system prompt kept",
            "*again  pytest '*::TestMemory::test_client_keeps[[]truncate.bound[]]'",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_suite_expects_known_failures_and_refuses_stale_ones(pytester: pytest.Pytester) -> None:
    known = '{"truncate.bound": "see #42", "record.empty-choices": "see #43"}'
    result = run(pytester, "mutants.IgnoresWindow", "-k", "truncate.bound or record", xfail=known)
    result.assert_outcomes(xfailed=1, failed=1, deselected=3)
    result.stdout.fnmatch_lines(["*record.empty-choices is kept: take it out of xfail (see #43)"])


def test_suite_names_the_rules_near_an_unknown_one(pytester: pytest.Pytester) -> None:
    result = run(pytester, "MessageList", xfail='{"truncate.bounds": "?"}')
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(
        ["*ValueError: TestMemory.xfail: no rule is called 'truncate.bounds'; near are truncate.bound*"]
    )


def test_suite_without_a_client_says_what_to_define(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("import chatproof\nclass TestMemory(chatproof.HistoryClientSuite): pass")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider", "-k", "complete")
    result.assert_outcomes(failed=1, deselected=4)
    result.stdout.fnmatch_lines(
        ["*the factory raised NotImplementedError: TestMemory must define client(self, endpoint)"]
    )
