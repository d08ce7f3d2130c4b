"""The bot against the fake."""

# ruff: noqa: INP001, PT009, PT027  a program of its own, with the test runner that every Python has

import unittest
from urllib.error import HTTPError

from bot import Bot


class TestBot(unittest.TestCase):
    """Each test has a conversation of its own; the fake keeps none."""

    def test_answer_of_the_script(self) -> None:
        self.assertEqual(Bot().say("What is the capital of Italy?"), "Rome.")

    def test_history_reaches_the_endpoint(self) -> None:
        bot = Bot()
        bot.say("Hi!")
        self.assertTrue(bot.say("And Spain?").startswith("turn 2 | 3 messages"))

    def test_failed_turn_is_taken_back(self) -> None:
        bot = Bot()
        with self.assertRaises(HTTPError) as found:
            bot.say("Please break off.")
        found.exception.close()
        self.assertEqual(bot.messages, [])


if __name__ == "__main__":
    unittest.main()
