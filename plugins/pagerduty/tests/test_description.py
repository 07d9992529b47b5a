"""The description: it accepts and refuses what it should, and says what the code does."""

import json
import re
import tomllib
import unittest
from pathlib import Path
from typing import Any

from campanile_pagerduty import USER_AGENT, PagerDuty, event
from campanile_pagerduty.settings import API_URL, Settings
from jsonschema import Draft202012Validator

DESCRIPTION: dict[str, Any] = json.loads(PagerDuty.description)
SCHEMA: dict[str, Any] = DESCRIPTION["settings"]
PROJECT = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text())["project"]


def accepts(settings: dict[str, Any]) -> bool:
    return Draft202012Validator(SCHEMA).is_valid(settings)


class Description(unittest.TestCase):
    def test_the_version_is_that_of_the_project(self) -> None:
        self.assertEqual(DESCRIPTION["version"], PROJECT["version"])
        self.assertEqual(USER_AGENT, f"Campanile/{PROJECT['version']}")

    def test_the_limits_are_those_of_the_code(self) -> None:
        limits = {limit["name"]: limit["max"] for limit in DESCRIPTION["limits"]}
        found = (limits["summary"], limits["dedup_key"], limits["event"])
        self.assertEqual(found, (event.SUMMARY, event.DEDUP_KEY, event.EVENT))

    def test_the_host_is_that_of_the_code(self) -> None:
        self.assertEqual(DESCRIPTION["hosts"], [API_URL])


class Schema(unittest.TestCase):
    def test_every_setting_is_described_and_its_examples_work(self) -> None:
        Draft202012Validator.check_schema(SCHEMA)
        defaults = {}
        for name, setting in SCHEMA["properties"].items():
            self.assertIsInstance(setting["description"], str, name)
            for example in setting.get("examples", []):
                self.assertTrue(accepts({name: example}), name)
            if "default" in setting:
                defaults[name] = setting["default"]
        self.assertTrue(accepts(defaults))
        self.assertEqual(Settings.read(defaults), Settings.read({}))

    def test_settings_are_refused_before_a_delivery_fails_on_them(self) -> None:
        for settings in (
            {"unknown": 1},
            {"api-url": "events.pagerduty.com"},
            {"api-url": "https://user:password@example.com"},
            {"api-url": "https://example.com/?a=b"},
            {"incident-per": "route"},
            {"component": ""},
            {"client": "c" * 256},
            {"client-url": "javascript:alert(1)"},
            {"links": [{"text": "Runbook"}]},
            {"links": [{"href": "ftp://example.com"}]},
            {"links": [{"href": "https://example.com"}] * 21},
            {"images": [{"src": "http://example.com/plan.png"}]},
            {"attach-event": "yes"},
        ):
            with self.subTest(settings=settings):
                self.assertFalse(accepts(settings))


class Secret(unittest.TestCase):
    def test_only_a_whole_integration_key_is_one(self) -> None:
        [secret] = DESCRIPTION["secrets"]
        self.assertEqual((secret["name"], secret["places"]), ("routing-key", ["body"]))
        for key in (secret["example"], "e93facc04764012d7bfb002500d5d1a6"):
            self.assertRegex(key, secret["pattern"])
        for key in ("", "e93facc04764012d7bfb002500d5d1a", "e93facc04764012d7bfb002500d5d1a6a", 'e93facc"' * 4):
            self.assertIsNone(re.search(secret["pattern"], key), key)
