"""An attempt: settings, requests, and what the host hears."""

import unittest
from collections.abc import Callable
from typing import Any, TypedDict

from campanile_channel import (
    Attempt,
    Channel,
    ContentRefused,
    Failure,
    Host,
    Level,
    Misconfigured,
    Notification,
    RateLimited,
    Receipt,
    Rejected,
    SendReason,
    Transient,
    UnsetSecret,
    export,
)
from campanile_channel.testing import ScriptedHost, attempt, deliver, notification


class Settings(TypedDict):
    url: str


class Pager(Channel[Settings]):
    description = "{}"

    def deliver(self, notification: Notification, settings: Settings, attempt: Attempt, host: Host) -> Receipt:
        headers = {"authorization": f"Bearer {host.reference('token')}"}
        answer = host.send("POST", settings["url"], headers=headers, json={"text": notification.title})
        if answer.status == 429:
            raise RateLimited(1500, "wait").resuming("1")
        return Receipt(message_id=str(answer.json()["id"]))


URL = {"url": "https://example.com/"}


def pager(host: ScriptedHost) -> Receipt:
    return deliver(Pager(), host, settings=URL)


class Deliver(unittest.TestCase):
    def test_a_request_is_made_and_its_answer_read(self) -> None:
        host = ScriptedHost(["token"]).answer(200, json={"id": 7})
        self.assertEqual(pager(host), Receipt(message_id="7"))
        [request] = host.requests
        self.assertEqual((request.method, request.url, request.timeout_ms), ("POST", "https://example.com/", 0))
        self.assertEqual(request.header("authorization"), "Bearer SECRET-token")
        self.assertEqual(request.header("content-type"), "application/json")
        self.assertEqual(request.body, b'{"text":"home-heating: INACTIVE"}')

    def test_a_failure_has_what_the_next_attempt_needs(self) -> None:
        with self.assertRaises(RateLimited) as caught:
            pager(ScriptedHost(["token"]).answer(429))
        failure = caught.exception
        self.assertEqual((failure.milliseconds, failure.detail, failure.resume), (1500, "wait", "1"))

    def test_a_secret_without_a_value_is_a_matter_of_configuration(self) -> None:
        with self.assertRaises(UnsetSecret) as caught:
            pager(ScriptedHost())
        self.assertIsInstance(caught.exception, Misconfigured)

    def test_what_may_work_later_is_told_from_what_needs_a_change(self) -> None:
        rows: list[tuple[SendReason, str, bool, type[Failure], str]] = [
            (SendReason.DENIED, "no grant", False, Misconfigured, "no grant"),
            (SendReason.INVALID, "no scheme", False, Rejected, "invalid request: no scheme"),
            (SendReason.TOO_LARGE, "", False, ContentRefused, "the request is too large"),
            (SendReason.TOO_LARGE, "", True, Transient, "the answer is too large"),
            (SendReason.TIMEOUT, "", True, Transient, "no answer in time"),
            (SendReason.NETWORK, "connection reset", True, Transient, "connection reset"),
        ]
        for reason, detail, request_sent, expected, words in rows:
            with self.subTest(reason=reason, request_sent=request_sent), self.assertRaises(expected) as caught:
                pager(ScriptedHost(["token"]).fail(reason, detail, request_sent=request_sent))
            self.assertEqual(caught.exception.detail, words)

    def test_a_script_that_has_ended_is_a_lost_connection(self) -> None:
        with self.assertRaises(Transient):
            pager(ScriptedHost(["token"]))


class SettingsOfAClass(unittest.TestCase):
    def test_settings_that_can_not_be_read_are_a_matter_of_configuration(self) -> None:
        class Strict(Pager):
            def settings(self, given: Any) -> Settings:
                return {"url": given["address"]}

        with self.assertRaises(Misconfigured) as caught:
            deliver(Strict(), ScriptedHost(), settings=URL)
        self.assertEqual(caught.exception.detail, "settings: KeyError: 'address'")


class Body(unittest.TestCase):
    def sent(self, send: Callable[[Host], object]) -> tuple[bytes, str | None]:
        host = ScriptedHost().answer(200)
        send(host)
        return host.requests[0].body, host.requests[0].header("content-type")

    def test_bytes_text_and_json_are_sent_with_their_type(self) -> None:
        url = "https://example.com/"
        self.assertEqual(self.sent(lambda host: host.send("GET", url)), (b"", None))
        self.assertEqual(self.sent(lambda host: host.send("PUT", url, body=b"\xff")), (b"\xff", None))
        text = ("я".encode(), "text/plain; charset=utf-8")
        self.assertEqual(self.sent(lambda host: host.send("PUT", url, body="я")), text)
        self.assertEqual(self.sent(lambda host: host.send("PUT", url, json=None)), (b"null", "application/json"))
        form = {"content-type": "application/x-www-form-urlencoded"}
        named = (b"a=b", form["content-type"])
        self.assertEqual(self.sent(lambda host: host.send("POST", url, headers=form, body="a=b")), named)

    def test_a_request_has_one_body(self) -> None:
        with self.assertRaises(ValueError):
            ScriptedHost().send("POST", "https://example.com/", body="a", json="b")


class Native(unittest.TestCase):
    def test_without_bindings_a_channel_is_exported_as_it_is(self) -> None:
        self.assertIs(export(Pager), Pager)

    def test_the_log_is_kept(self) -> None:
        host = ScriptedHost()
        host.log(Level.WARN, "odd")
        self.assertEqual(host.lines, ["warn: odd"])

    def test_the_event_is_an_object_whatever_comes(self) -> None:
        self.assertEqual(notification().event()["status"], "INACTIVE")
        for text in ("[]", "{", "[" * 100_000):
            self.assertEqual(notification(event_json=text).event(), {})
        self.assertEqual(attempt(number=2).number, 2)
