"""What is sent, and under which key."""

import unittest
from typing import Any

from campanile_channel import ContentRefused, Field, Presentation, Receipt, Severity, TextFormat, jsontext
from campanile_channel.testing import attempt, deliver, notification
from campanile_pagerduty import PagerDuty
from tests.support import ACCEPTED, host, sent

LATER = "01a20694-3550-7cc3-98c4-000000000002"


def details(**changes: Any) -> dict[str, Any]:
    found: dict[str, Any] = sent(notification(**changes))[1]["payload"]["custom_details"]
    return found


class Request(unittest.TestCase):
    def test_it_goes_to_the_account_with_the_key_in_the_body(self) -> None:
        for settings, url in (
            ({}, "https://events.pagerduty.com/v2/enqueue"),
            ({"api-url": "https://events.eu.pagerduty.com"}, "https://events.eu.pagerduty.com/v2/enqueue"),
            (
                {"api-url": "http://proxy.example.com:8080/pd/"},
                "http://proxy.example.com:8080/pd/v2/enqueue",
            ),
        ):
            scripted = host().answer(202, json=ACCEPTED)
            deliver(PagerDuty(), scripted, settings=settings)
            [request] = scripted.requests
            self.assertEqual((request.method, request.url), ("POST", url))
            self.assertEqual(request.header("content-type"), "application/json")
            self.assertEqual(request.header("user-agent"), "Campanile/0.1.0")
            self.assertEqual(request.json()["routing_key"], "SECRET-routing-key")


class Trigger(unittest.TestCase):
    def test_everything_there_is_to_say_is_said(self) -> None:
        settings = {
            "component": "boiler",
            "group": "building-7",
            "client-url": "https://campanile.example.com",
            "links": [{"href": "https://wiki.example.com", "text": "Runbook"}],
            "images": [{"src": "https://example.com/plan.png"}],
        }
        told = notification(fields=(Field("Previous", "ACTIVE"),))
        receipt, event = sent(told, settings)
        self.assertEqual(receipt, Receipt(message_id="campanile:home-heating"))
        self.assertEqual(
            event,
            {
                "routing_key": "SECRET-routing-key",
                "event_action": "trigger",
                "dedup_key": "campanile:home-heating",
                "client": "Campanile",
                "client_url": "https://campanile.example.com",
                "links": [{"href": "https://wiki.example.com", "text": "Runbook"}],
                "images": [{"src": "https://example.com/plan.png"}],
                "payload": {
                    "summary": "home-heating: INACTIVE",
                    "source": "home-heating",
                    "severity": "critical",
                    "timestamp": "2026-11-23T04:05:06Z",
                    "component": "boiler",
                    "group": "building-7",
                    "class": "INACTIVE",
                    "custom_details": {
                        "message": told.body,
                        "device_id": "home-heating",
                        "status": "INACTIVE",
                        "event_id": told.event_id,
                        "Previous": "ACTIVE",
                        "event": {"device_id": "home-heating", "status": "INACTIVE"},
                    },
                },
            },
        )

    def test_severities_are_those_of_pagerduty(self) -> None:
        found = [sent(notification(severity=severity))[1]["payload"]["severity"] for severity in Severity]
        self.assertEqual(found, ["info", "info", "warning", "error", "critical"])

    def test_a_simpler_presentation_has_less(self) -> None:
        _, plain = sent(
            settings={"links": [{"href": "https://a.example"}]}, attempt=attempt(presentation=Presentation.PLAIN)
        )
        self.assertEqual(sorted(plain), ["client", "dedup_key", "event_action", "payload", "routing_key"])
        self.assertEqual(list(plain["payload"]["custom_details"]), ["message"])
        _, minimal = sent(attempt=attempt(presentation=Presentation.MINIMAL))
        self.assertEqual(sorted(minimal), ["dedup_key", "event_action", "payload", "routing_key"])
        self.assertEqual(sorted(minimal["payload"]), ["severity", "source", "summary", "timestamp"])

    def test_the_summary_is_one_line_within_the_limit_and_never_blank(self) -> None:
        def summary(title: str) -> Any:
            return sent(notification(title=title))[1]["payload"]["summary"]

        self.assertEqual(summary("a\nb\0"), "a b\ufffd")
        self.assertEqual(summary("я" * 1024), "я" * 1024)
        self.assertEqual(summary("я" * 1025), "я" * 1023 + "…")
        self.assertEqual(summary(" \u200b\n"), "Campanile")
        self.assertEqual(sent(notification(device_id="\u200b"))[1]["payload"]["source"], "unknown")

    def test_what_is_too_large_is_tried_with_less(self) -> None:
        scripted = host()
        large = notification(body="я" * 300_000)
        with self.assertRaises(ContentRefused) as caught:
            deliver(PagerDuty(), scripted, large)
        self.assertRegex(caught.exception.detail, r"^the event has \d+ bytes; PagerDuty takes 524288$")
        self.assertEqual(scripted.requests, [])
        sent(large, attempt=attempt(presentation=Presentation.MINIMAL))

    def test_the_largest_notification_of_the_contract_fits(self) -> None:
        device = jsontext.write({"device_id": "d", "x": '"' * 15_000}).decode()
        sent(notification(title="я" * 4096, body='"' * 64 * 1024, event_json=device))


class Details(unittest.TestCase):
    def test_html_becomes_text(self) -> None:
        self.assertEqual(details(body="<b>cold</b> &amp; wet", body_format=TextFormat.HTML)["message"], "cold & wet")
        self.assertNotIn("message", details(body=" \u200b"))

    def test_a_field_takes_no_other_place(self) -> None:
        fields = (Field("event", "x"), Field("message", "x"), Field("status", "x"), Field("", "x"), Field("a\nb", "1"))
        found = details(fields=fields)
        self.assertEqual((found["status"], found["event"]["status"]), ("INACTIVE", "INACTIVE"))
        self.assertTrue(found["message"].startswith("home-heating changed"))
        self.assertEqual(found["a b"], "1")
        self.assertNotIn("", found)

    def test_the_event_is_attached_unless_it_is_unwanted_too_long_or_unreadable(self) -> None:
        self.assertIn("event", details())
        self.assertNotIn("event", sent(settings={"attach-event": False})[1]["payload"]["custom_details"])
        self.assertNotIn("event", details(event_json='{"device_id":"d","x":"%s"}' % ("x" * 32 * 1024)))
        self.assertNotIn("event", details(event_json='{"device_id":' + "[" * 50_000 + "]" * 50_000 + "}"))


class Key(unittest.TestCase):
    def key(self, settings: dict[str, Any] | None = None, **changes: Any) -> str:
        return str(sent(notification(**changes), settings)[1]["dedup_key"])

    def test_what_is_told_of_a_device_is_one_alert(self) -> None:
        self.assertEqual(self.key(), self.key(event_id=LATER, title="home-heating: INACTIVE (still, after 4 h)"))
        self.assertNotEqual(self.key(), self.key(device_id="cellar"))

    def test_each_event_may_have_an_alert_of_its_own(self) -> None:
        per_alert = {"incident-per": "alert"}
        self.assertEqual(self.key(per_alert), "campanile:home-heating:01a20694-3550-7cc3-98c4-000000000001")
        self.assertNotEqual(self.key(per_alert), self.key(per_alert, event_id=LATER))

    def test_a_summary_of_many_devices_is_not_the_alert_of_the_first(self) -> None:
        members = '{"members":[{"device_id":"home-heating"},{"device_id":"cellar"}],"more":0}'
        self.assertEqual(self.key(event_id="storm/1", event_json=members), "campanile:home-heating:storm/1")

    def test_an_event_that_can_not_be_read_is_the_devices_own(self) -> None:
        for event in ("{", "{}", '{"x":"%s"}' % ("x" * 32 * 1024)):
            self.assertEqual(self.key(event_json=event), "campanile:home-heating")

    def test_a_key_has_at_most_255_characters_and_stays_different(self) -> None:
        per_alert = {"incident-per": "alert"}
        one, other = (self.key(per_alert, device_id="d" * 128, event_id="e" * 127 + end) for end in "12")
        self.assertEqual((len(one), len(other)), (255, 255))
        self.assertNotEqual(one, other)
        fits = self.key(per_alert, device_id="d" * 128, event_id="e" * 116)
        self.assertEqual(fits, f"campanile:{'d' * 128}:{'e' * 116}")


class Resolve(unittest.TestCase):
    def test_what_is_over_resolves_the_alert_that_was_told(self) -> None:
        over = attempt(earlier=Receipt(message_id="srv01/HTTP"))
        receipt, event = sent(notification(severity=Severity.INFO), attempt=over)
        expected = {"routing_key": "SECRET-routing-key", "event_action": "resolve", "dedup_key": "srv01/HTTP"}
        self.assertEqual(event, expected)
        self.assertEqual(receipt.message_id, ACCEPTED["dedup_key"])

    def test_an_alert_that_was_told_without_a_key_has_that_of_its_device(self) -> None:
        self.assertEqual(sent(attempt=attempt(earlier=Receipt()))[1]["dedup_key"], "campanile:home-heating")

    def test_the_receipt_has_the_key_that_was_sent_if_the_answer_has_none(self) -> None:
        receipt = deliver(PagerDuty(), host().answer(202))
        self.assertEqual(receipt.message_id, "campanile:home-heating")
