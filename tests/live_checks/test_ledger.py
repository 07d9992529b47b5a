"""What was made is deleted, whatever happens."""

import os
import signal
import unittest
from collections.abc import Callable

from botocore.exceptions import ClientError

from . import interrupts
from .ledger import Ledger
from .run import NAME, new_id


def failure(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "Delete")


class Close(unittest.TestCase):
    def setUp(self) -> None:
        self.said: list[str] = []
        self.deleted: list[str] = []
        self.ledger = Ledger(self.said.append)

    def fails(self, name: str, times: int, code: str = "InvalidRequestException") -> Callable[[], None]:
        """Deletes after so many failures."""
        left = [times]

        def delete() -> None:
            left[0] -= 1
            if left[0] >= 0:
                raise failure(code)
            self.deleted.append(name)

        return delete

    def add(self, name: str, times: int = 0, code: str = "InvalidRequestException", kind: str = "thing") -> None:
        self.ledger.add(kind, name, self.fails(name, times, code))

    def test_the_latest_goes_first(self) -> None:
        for name in "abc":
            self.add(name)
        self.assertEqual(self.ledger.close(0), [])
        self.assertEqual(self.deleted, ["c", "b", "a"])

    def test_one_that_fails_does_not_keep_the_others_and_is_tried_again(self) -> None:
        self.add("a")
        self.add("b", times=2)
        self.add("c")
        self.assertEqual(self.ledger.close(0), [])
        self.assertEqual(self.deleted, ["c", "a", "b"])

    def test_what_can_not_be_deleted_is_named(self) -> None:
        self.add("a", times=99)
        self.assertEqual(self.ledger.close(0), ["thing a"])
        self.assertIn("could not delete thing a", self.said[-1])

    def test_what_was_never_made_is_gone(self) -> None:
        self.add("a", times=99, code="ResourceNotFoundException")
        self.add("b", times=99, code="UnauthorizedException", kind="rule")
        self.assertEqual(self.ledger.close(0), [])

    def test_only_of_a_rule_unauthorized_means_that_it_is_not_there(self) -> None:
        self.add("a", times=99, code="UnauthorizedException")
        self.assertEqual(self.ledger.close(0), ["thing a"])

    def test_who_may_not_delete_a_rule_that_is_there_is_told(self) -> None:
        with self.ledger.making("rule", "a", self.fails("a", 99, "UnauthorizedException")):
            pass
        self.assertEqual(self.ledger.close(0), ["rule a"])

    def test_what_is_settled_is_not_deleted_again(self) -> None:
        self.ledger.settle(self.ledger.add("rule", "a", lambda: self.deleted.append("a")))
        self.assertEqual((self.ledger.close(0), self.deleted), ([], ["a"]))

    def interrupt(self) -> None:
        os.kill(os.getpid(), signal.SIGINT)

    def installed(self) -> None:
        before = {number: signal.getsignal(number) for number in interrupts.SIGNALS}
        self.addCleanup(lambda: [signal.signal(number, handler) for number, handler in before.items()])
        interrupts.install()

    def test_an_interrupt_does_not_stop_it(self) -> None:
        self.installed()
        self.add("a")
        self.ledger.add("thing", "b", self.interrupt)
        self.assertEqual(self.ledger.close(0), [])
        self.assertEqual(self.deleted, ["a"])
        self.assertIn("please wait", self.said[-1])

    def test_an_interrupt_waits_until_what_is_made_is_there(self) -> None:
        self.installed()
        made = []
        with self.assertRaises(KeyboardInterrupt):
            with self.ledger.making("thing", "a", lambda: self.deleted.append("a")):
                self.interrupt()
                made.append("a")
        self.assertEqual((made, [entry.name for entry in self.ledger.entries]), (["a"], ["a"]))

    def test_what_could_not_be_made_is_deleted_all_the_same(self) -> None:
        with self.assertRaises(ClientError):
            with self.ledger.making("thing", "a", lambda: self.deleted.append("a")):
                raise failure("InternalFailure")
        self.assertEqual((self.ledger.close(0), self.deleted), ([], ["a"]))


class Names(unittest.TestCase):
    def test_only_names_of_runs_are_runs(self) -> None:
        for name in (new_id(), new_id() + "_12"):
            self.assertTrue(NAME.match(name), name)
        for name in (
            "campanile_live_",
            "campanile_live_test",
            "campanile_live_0123abcde",
            "my_campanile_live_0123abcd",
            "campanile_hot",
        ):
            self.assertFalse(NAME.match(name), name)
