"""How conformance cases are asked."""

import re
import subprocess
import tempfile
import unittest
from pathlib import Path

from . import cases, compare
from .groups import sql
from .support import ROOT, campanile

PREFIX = "campanile_live_0123abcd"
FILES = [ROOT / "host/rules/tests/iot-sql.jsonl", ROOT / "host/rules/tests/rule-sql.jsonl", sql.QUESTIONS]
ALL = [case for file in FILES for case in cases.load(file, PREFIX)]


def one(statement: str, topic: str = "a/b", **more: object) -> cases.Case:
    return cases.localised(
        {"id": "x", "sql": statement, "topic": topic, "payload": {}, "expect": None} | more, 7, PREFIX
    )


class Localised(unittest.TestCase):
    def test_topic_and_filter_move_below_the_runs_own(self) -> None:
        case = one("SELECT (SELECT v FROM e) AS r FROM 'sensor/#' WHERE a = 1", "sensor")
        self.assertEqual(case.sql, f"SELECT (SELECT v FROM e) AS r FROM '{PREFIX}/7/sensor/#' WHERE a = 1")
        self.assertEqual((case.topic, case.shares_topic), (f"{PREFIX}/7/sensor", False))

    def test_what_asks_for_its_topic_goes_to_its_rule_directly(self) -> None:
        case = one("SELECT topic(2) AS r FROM 'a/b'")
        self.assertEqual((case.sql, case.topic), ("SELECT topic(2) AS r FROM 'a/b'", f"$aws/rules/{PREFIX}_7/a/b"))
        self.assertTrue(case.shares_topic)

    def test_basic_ingest_names_the_rule_of_this_run(self) -> None:
        self.assertEqual(one("SELECT * FROM 'x'", "$aws/rules/BuildingManager/a/b").topic, f"$aws/rules/{PREFIX}_7/a/b")

    def test_a_client_is_renamed_in_what_is_expected_too(self) -> None:
        case = one(
            "SELECT clientid() AS d, a FROM 'a/b'", clientid="heater-1", expect={"d": "heater-1", "a": ["heater-1", 1]}
        )
        name = f"{PREFIX}_heater-1"
        self.assertEqual((case.client, case.expected, case.by_http), (name, {"d": name, "a": [name, 1]}, False))

    def test_who_asks_for_a_client_and_has_none_goes_by_https(self) -> None:
        self.assertTrue(one("SELECT traceid() AS r FROM 'a/b'").by_http)

    def test_the_payload_is_published_to_the_byte(self) -> None:
        self.assertEqual(
            one("SELECT * FROM 'a/b'", payload=compare.read('{"a":3.0,"b":1e400}')).payload, b'{"a":3.0,"b":1E+400}'
        )
        self.assertEqual(one("SELECT * FROM 'a/b'", payload_raw='{ "a": 1 }').payload, b'{ "a": 1 }')

    def test_what_asks_other_services_is_not_asked(self) -> None:
        self.assertIn("get_secret", one("SELECT 1 AS r FROM 'a/b'", stubs={"get_secret": 1}).obstacle or "")


class All(unittest.TestCase):
    def test_no_message_can_reach_a_rule_of_others(self) -> None:
        for case in ALL:
            if not case.refused and not case.obstacle:
                self.assertRegex(case.topic, rf"^({PREFIX}/\d+/|\$aws/rules/{PREFIX}_\d+/)", case.id)

    def test_names_and_topics_are_what_aws_takes(self) -> None:
        for case in ALL:
            self.assertTrue(re.fullmatch(r"[a-zA-Z0-9_]{1,128}", case.rule))
            hidden = cases.BASIC_INGEST.match(case.topic)
            self.assertLessEqual(len((hidden["topic"] if hidden else case.topic).split("/")), 8, case.id)

    def test_almost_all_can_be_asked(self) -> None:
        self.assertEqual([case.id for case in ALL if case.obstacle], ["stub"])
        self.assertGreater(len(ALL), 870)

    def test_what_aws_is_compared_with_is_what_campanile_does(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.jsonl"
            path.write_text(cases.conformance_file([case for case in ALL if not case.obstacle]))
            done = subprocess.run([campanile(), "rule", "test", path], capture_output=True, text=True, timeout=120)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_is_to_be_refused_campanile_refuses(self) -> None:
        refused = [case for case in ALL if case.refused]
        self.assertGreater(len(refused), 5)
        for case in refused:
            command = [
                str(campanile()),
                "rule",
                "eval",
                "--sql",
                case.sql,
                "--topic",
                "a/b",
                "--payload",
                "{}",
                "--json",
            ]
            self.assertEqual(subprocess.run(command, capture_output=True, timeout=60).returncode, 3, case.id)

    def test_every_question_says_what_it_asks(self) -> None:
        questions = [case for case in cases.load(sql.QUESTIONS, PREFIX)]
        self.assertTrue(all(case.question for case in questions))
        self.assertEqual(len({case.id for case in questions}), len(questions))
