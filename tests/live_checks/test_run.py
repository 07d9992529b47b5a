"""Whole runs of `tests/live` against a stand-in of AWS: what it makes, asks, compares, reports and deletes. This proves the
script, not AWS."""

import json
import os
import signal
import subprocess
import time
import unittest
from pathlib import Path
from typing import Any

from . import groups
from .standin import faults
from .support import StandIn

# A case that has a 1 in its answer, one that has none, one that is silent, and two about the sender.
CASES = [
    {"id": "one", "sql": "SELECT a AS r FROM 'a/b'", "topic": "a/b", "payload": {"a": 1}, "expect": {"r": 1}},
    {"id": "text", "sql": "SELECT VALUE a FROM 'a/#'", "topic": "a/b", "payload": {"a": "x"}, "expect": "x"},
    {"id": "silent", "sql": "SELECT a FROM 'a/b' WHERE a > 1", "topic": "a/b", "payload": {"a": 1}, "expect": None},
    {"id": "sender", "sql": "SELECT clientid() AS r FROM 'a/b'", "topic": "a/b", "payload": {}, "expect": {"r": "n/a"}},
    {
        "id": "device",
        "sql": "SELECT clientid() AS r FROM 'a/b'",
        "topic": "a/b",
        "clientid": "x",
        "payload": {},
        "expect": {"r": "x"},
    },
]


class Runs(unittest.TestCase):
    """With a stand-in for all tests of the class."""

    faults: tuple[str, ...] = ()
    aws: StandIn
    cases: Path
    factor = 0.05

    @classmethod
    def setUpClass(cls) -> None:
        cls.aws = StandIn(*cls.faults, factor=cls.factor)
        cls.addClassCleanup(cls.aws.close)
        cls.cases = cls.aws.path / "cases.jsonl"
        cls.cases.write_text("".join(json.dumps(case) + "\n" for case in CASES))

    def ends(self, expected: int, done: subprocess.CompletedProcess[str]) -> subprocess.CompletedProcess[str]:
        self.assertEqual(done.returncode, expected, f"{done.stdout}\n{done.stderr}")
        return done

    def assertNothingIsLeft(self) -> None:
        self.assertEqual((self.aws.left(), self.aws.files()), ([], []))


class AwsAsExpected(Runs):
    def test_everything_agrees_and_nothing_is_left(self) -> None:
        report = self.aws.path / "report.md"
        done = self.ends(0, self.aws.live("--yes", "--tell-people", "--json", "--report", report))
        document = json.loads(done.stdout)
        self.assertEqual((document["counts"]["differs"], document["counts"]["could not be checked"]), (0, 0))
        self.assertEqual({check["group"] for check in document["checks"]}, set(groups.ALL))
        counted = {group: sum(check["group"] == group for check in document["checks"]) for group in groups.ALL}
        self.assertGreater(counted["sql"], 240)
        # Both channels of the sample configuration got the alert and the recovery, from the function itself.
        told = [
            check["name"]
            for check in document["checks"]
            if check["group"] == "delivery" and check["found"] == "delivered"
        ]
        self.assertEqual(
            sorted(told),
            [f"{what}: on {channel}" for what in ("the alert", "the recovery") for channel in ("family", "ops")],
        )
        self.assertIn("nothing of AWS", report.read_text())
        self.assertNotIn("PRIVATE KEY", done.stdout + done.stderr + report.read_text())
        self.assertNothingIsLeft()

    def test_nobody_is_told_without_a_yes_of_its_own(self) -> None:
        done = self.ends(3, self.aws.live("--only", "delivery", "--yes"))
        self.assertIn("nobody has said that people may be told", done.stdout)
        self.assertNothingIsLeft()

    def test_nothing_begins_without_a_yes(self) -> None:
        done = self.ends(2, self.aws.live("--only", "sql"))
        self.assertIn("say --yes", done.stderr)
        self.assertIn("makes and deletes: ", done.stderr)
        self.assertNothingIsLeft()

    def test_a_dry_run_says_all_and_makes_nothing(self) -> None:
        done = self.ends(0, self.aws.live("--dry-run"))
        for name in groups.ALL:
            self.assertIn(f"\n{name}: ", done.stderr)
        self.assertIn("TELLS PEOPLE", done.stderr)
        self.assertNothingIsLeft()

    def test_what_needs_a_stack_is_left_out_without_one(self) -> None:
        done = self.ends(3, self.aws.live("--only", "policy", "--yes", stack=False))
        self.assertIn("--stack names", done.stdout)

    def test_a_stack_that_is_not_there_is_named(self) -> None:
        done = self.ends(3, self.aws.live("--stack", "nobody", "--yes", stack=False))
        self.assertIn("the stack nobody in us-east-1", done.stderr)

    def test_an_interrupt_deletes_what_was_made(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                process = self.begun()
                process.send_signal(number)
                stdout, stderr = process.communicate(timeout=60)
                self.assertEqual(process.returncode, 130, stderr)
                self.assertIn("interrupted", stdout)
                self.assertNothingIsLeft()

    def test_what_a_killed_run_has_left_is_deleted_by_clean(self) -> None:
        process = self.begun()
        process.kill()
        process.communicate(timeout=60)
        self.assertTrue(self.aws.left())
        self.ends(0, self.aws.live("--clean", stack=False))
        self.assertNothingIsLeft()
        self.assertTrue(self.aws.services()["iot"].list_policies()["policies"], "the stack's own policy stays")

    def test_what_was_kept_is_deleted_by_clean(self) -> None:
        for group in ("policy", "error-action", "retries"):
            self.ends(0, self.aws.live("--only", group, "--yes", "--keep"))
        self.assertGreater(len(self.aws.left()), 15)
        self.ends(0, self.aws.live("--clean", stack=False))
        self.assertNothingIsLeft()

    def begun(self) -> subprocess.Popen[str]:
        """A run that has made rules."""
        command, pipe = self.aws.command("--only", "sql", "--yes", stack=False), subprocess.PIPE
        process = subprocess.Popen(
            command, text=True, stdout=pipe, stderr=pipe, stdin=subprocess.DEVNULL, env=self.aws.environment()
        )
        iot, end = self.aws.services()["iot"], time.monotonic() + 60
        while not any("campanile_live_" in rule["ruleName"] for rule in iot.list_topic_rules()["rules"]):
            self.assertLess(time.monotonic(), end)
            self.assertIsNone(process.poll())
            time.sleep(0.05)
        return process


class AwsOtherwise(Runs):
    """Whatever differs is found. Each fault has a check that finds it."""

    faults = tuple(faults.KNOWN)
    # What never comes is waited for.
    factor = 0.02

    def differing(self, group: str, *options: object) -> dict[str, Any]:
        done = self.ends(1, self.aws.live("--only", group, "--yes", "--json", *options))
        checks = json.loads(done.stdout)["checks"]
        self.assertNothingIsLeft()
        return {check["name"]: check["found"] for check in checks if check["verdict"] == "differs"}

    def test_sql(self) -> None:
        found = self.differing("sql", "--cases", self.cases)
        self.assertEqual(found["one"], '{"r":2}')
        self.assertEqual(found["silent"], "{}")
        self.assertEqual(found["not-equal"], "a rule")
        self.assertFalse({"text", "sender", "device"} & set(found))

    def test_policy(self) -> None:
        found = self.differing("policy")
        self.assertEqual(len(found), 10, found)
        self.assertEqual(found.pop("a second connection with the same client id"), "both stay")
        self.assertEqual(set(found.values()), {"accepted"})

    def test_presence(self) -> None:
        self.assertEqual(
            set(self.differing("presence")), {"connected and gone", "a client that is replaced: disconnectReason"}
        )

    def test_immutability(self) -> None:
        found = self.differing("immutability")
        self.assertEqual(len(found), 7, found)
        self.assertEqual(found["UpdateItem"], "allowed: ConditionalCheckFailedException")

    def test_error_action(self) -> None:
        self.assertEqual(set(self.differing("error-action").values()), {"base64OriginalPayload is missing"})

    def test_retries(self) -> None:
        found = self.differing("retries")
        self.assertEqual(found["attempts"], "2")
        self.assertEqual(found["wait before attempt 3"], "no such attempt")
        self.assertEqual(found["the record: approximateInvokeCount"], "2")

    def test_delivery(self) -> None:
        found = self.differing("delivery", "--tell-people")
        self.assertEqual(found["the alert: told"], "no delivery has ended")
        self.assertEqual(found["what is no event: a dead letter with the reason"], "no dead letter")

    def test_template(self) -> None:
        queue = next(url for url in self.aws.services()["sqs"].list_queues()["QueueUrls"] if "FailureQueue" in url)
        self.aws.services()["sqs"].send_message(QueueUrl=queue, MessageBody="something was given up")
        self.assertEqual(self.differing("template"), {"FailureQueue: what waits in it": "1"})


class NoAws(unittest.TestCase):
    """Without anything to reach."""

    def test_without_a_region_it_says_how_to_name_one(self) -> None:
        from .support import ROOT, environment

        variables = environment(AWS_CONFIG_FILE=os.devnull, AWS_SHARED_CREDENTIALS_FILE=os.devnull)
        done = subprocess.run(
            [ROOT / "tests/live", "--dry-run"], capture_output=True, text=True, timeout=60, env=variables
        )
        self.assertEqual((done.returncode, done.stderr), (3, "tests/live: there is no region: name it with --region\n"))
