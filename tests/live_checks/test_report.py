"""The report, the plan and the permissions."""

import json
import unittest
from datetime import datetime, timedelta, timezone

from . import groups, permissions, plan
from .report import Check, Report, Verdict

BEGUN = datetime(2026, 11, 28, 12, 0, tzinfo=timezone.utc)


def report() -> Report:
    made = Report("campanile_live_0123abcd", "eu-central-1", begun=BEGUN, stack="campanile")
    made.add(Check("sql", "one", "{}", "{}", Verdict.AGREES, seconds=1.25))
    made.add(Check("sql", "two|2", "no answer", "`x`\n| y", Verdict.DIFFERS))
    made.add(Check("sql", "open", "1", "1", Verdict.AGREES, note="who knows", question=True))
    made.add(Check("delivery", "all", "", "", Verdict.UNCHECKED, note="nobody was asked"))
    made.ended = BEGUN + timedelta(seconds=61)
    return made


class Reports(unittest.TestCase):
    def test_the_table_shows_what_differs(self) -> None:
        expected = (
            "sql       agrees                one  1.2 s\n"
            "sql       differs               two|2\n"
            "    expected  no answer\n"
            "    found     `x` | y\n"
            "sql       agrees                open  who knows\n"
            "delivery  could not be checked  all  nobody was asked"
        )
        self.assertEqual(report().table(), expected)
        self.assertEqual(report().summary(), "2 agree, 1 differ, 1 could not be checked")

    def test_markdown_begins_with_what_needs_attention(self) -> None:
        titles = [line for line in report().markdown().splitlines() if line.startswith("## ")]
        self.assertEqual(
            titles, ["## Differs", "## Could not be checked", "## Open questions, and what AWS answered", "## Agrees"]
        )

    def test_what_comes_from_outside_is_no_markup(self) -> None:
        self.assertIn("| sql | two\\|2 | `no answer` | `′x′ \\| y` | differs |  |", report().markdown())

    def test_what_stand_ins_say_does_not_pass_for_aws(self) -> None:
        made = report()
        self.assertNotIn("stand-ins", made.markdown())
        made.standin = True
        self.assertIn("nothing of AWS", made.markdown())
        self.assertTrue(json.loads(made.json())["stand-in"])

    def test_json_has_everything(self) -> None:
        document = json.loads(report().json())
        self.assertEqual(document["counts"], {"agrees": 2, "differs": 1, "could not be checked": 1})
        self.assertEqual(document["checks"][1]["verdict"], "differs")
        self.assertEqual((document["region"], document["begun"]), ("eu-central-1", "2026-11-28T12:00:00+00:00"))


class Plans(unittest.TestCase):
    def test_it_says_what_is_made_and_what_it_costs(self) -> None:
        words = plan.Plan(makes={"rule": 2, "policy": 2, "queue": 1}, uses={"message": 1000}, seconds=(30, 300)).words()
        self.assertEqual(
            words,
            [
                "makes and deletes: 2 rules, 2 policies, 1 queue",
                "takes 30 s to 5 min, costs less than a cent (US$ 0.001000)",
            ],
        )

    def test_who_makes_nothing_pays_nothing(self) -> None:
        self.assertEqual(plan.Plan().words(), ["makes nothing", "takes 5 s to 30 s, costs nothing"])
        self.assertEqual(plan.money(1.5), "US$ 1.50")


class Permissions(unittest.TestCase):
    def test_nothing_is_made_or_deleted_outside_the_runs_own_names(self) -> None:
        for name, group in groups.ALL.items():
            for resource, actions in group.PERMISSIONS.items():
                changes = [
                    action
                    for action in actions
                    if any(
                        verb in action for verb in ("Create", "Delete", "Update", "Put", "Attach", "Detach", "PassRole")
                    )
                ]
                # Certificates have no names; the table's policy refuses the writes, which is what is checked.
                allowed = {"iot:CreateCertificateFromCsr"} | {
                    action for action in changes if action.startswith("dynamodb:")
                }
                if permissions.OWN not in resource and resource != permissions.CERTIFICATE:
                    self.assertLessEqual(set(changes), allowed, name)

    def test_it_is_a_policy(self) -> None:
        document = json.loads(permissions.policy(group.PERMISSIONS for group in groups.ALL.values()))
        self.assertEqual({statement["Effect"] for statement in document["Statement"]}, {"Allow"})
        self.assertFalse(
            [action for statement in document["Statement"] for action in statement["Action"] if "*" in action]
        )
