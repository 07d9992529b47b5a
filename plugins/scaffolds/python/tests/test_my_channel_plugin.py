"""The plugin against a host with a script: nothing is built, nothing is sent."""

import json
import unittest
from typing import Any

from campanile_channel import (
    ContentRefused,
    Failure,
    Field,
    Misconfigured,
    Presentation,
    RateLimited,
    Receipt,
    Rejected,
    SendReason,
    Transient,
)
from campanile_channel.testing import ScriptedHost, attempt, deliver, notification
from jsonschema import Draft202012Validator
from my_channel_plugin import MyChannel

SETTINGS = {"url": "https://example.com/notify"}


def run(host: ScriptedHost, **arguments: Any) -> Receipt:
    return deliver(MyChannel(), host, settings=SETTINGS, **arguments)


class Deliver(unittest.TestCase):
    def test_the_message_is_posted(self) -> None:
        host = ScriptedHost(["token"]).answer(200, json={"id": 7})
        told = notification(title="Boiler\noff", body="cold", fields=(Field("Previous", "ACTIVE"),))
        self.assertEqual(run(host, notification=told), Receipt(message_id="7"))
        [request] = host.requests
        self.assertEqual((request.method, request.url), ("POST", SETTINGS["url"]))
        self.assertEqual(request.header("authorization"), "Bearer SECRET-token")
        self.assertEqual(request.header("idempotency-key"), attempt().delivery_id)
        expected = {"title": "Boiler off", "text": "cold", "severity": "critical", "fields": {"Previous": "ACTIVE"}}
        self.assertEqual(request.json(), expected)

    def test_the_token_is_optional(self) -> None:
        host = ScriptedHost().answer(204)
        self.assertEqual(run(host), Receipt())
        self.assertIsNone(host.requests[0].header("authorization"))

    def test_a_simpler_presentation_has_less(self) -> None:
        for presentation, parts in ((Presentation.PLAIN, ["title", "text"]), (Presentation.MINIMAL, ["title"])):
            host = ScriptedHost().answer(200)
            run(host, attempt=attempt(presentation=presentation))
            self.assertEqual(list(host.requests[0].json()), parts)

    def test_text_is_cut_to_the_limit(self) -> None:
        host = ScriptedHost().answer(200)
        run(host, notification=notification(body="я" * 1001))
        self.assertEqual(host.requests[0].json()["text"], "я" * 999 + "…")


class Refused(unittest.TestCase):
    def test_every_status_has_its_reason(self) -> None:
        rows: list[tuple[int, type[Failure]]] = [
            (400, ContentRefused),
            (401, Misconfigured),
            (404, Misconfigured),
            (408, Transient),
            (410, Rejected),
            (413, ContentRefused),
            (429, RateLimited),
            (500, Transient),
            (503, Transient),
        ]
        for status, reason in rows:
            with self.subTest(status=status), self.assertRaises(reason) as caught:
                run(ScriptedHost().answer(status, body="no\nway"))
            self.assertEqual(caught.exception.detail, f"the provider answered {status}: no way")

    def test_a_rate_limit_is_waited_for(self) -> None:
        for headers, milliseconds in (({"retry-after": "2"}, 2000), ({"retry-after": "soon"}, 0), ({}, 0)):
            with self.subTest(headers=headers), self.assertRaises(RateLimited) as caught:
                run(ScriptedHost().answer(429, headers))
            self.assertEqual(caught.exception.milliseconds, milliseconds)

    def test_no_answer_may_work_later(self) -> None:
        with self.assertRaises(Transient):
            run(ScriptedHost().fail(SendReason.TIMEOUT, request_sent=True))


class Description(unittest.TestCase):
    def test_settings_are_accepted_and_refused(self) -> None:
        schema = json.loads(MyChannel.description)["settings"]
        Draft202012Validator.check_schema(schema)
        validator = Draft202012Validator(schema)
        self.assertTrue(validator.is_valid(SETTINGS))
        for settings in ({}, {"url": "example.com"}, {"url": "https://example.com", "unknown": 1}):
            with self.subTest(settings=settings):
                self.assertFalse(validator.is_valid(settings))
