"""The bridge to the contract's bindings, against those that `componentize-py` generates for type checkers."""

import io
import sys
import unittest
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from campanile_channel import (
    Attempt,
    Channel,
    ContentRefused,
    Failure,
    Field,
    Host,
    Level,
    Misconfigured,
    Notification,
    Presentation,
    RateLimited,
    Receipt,
    Rejected,
    SendError,
    Severity,
    TextFormat,
    Transient,
    UndeclaredSecret,
    UnsetSecret,
    component,
    export,
)
from componentize_py_types import Err
from wit_world.imports import http, log, secrets, types

NOTIFICATION = types.Notification(
    event_id="e1",
    device_id="home-heating",
    status="INACTIVE",
    severity=types.Severity.WARNING,
    title="t",
    body="b",
    body_format=types.TextFormat.HTML,
    occurred_at="2026-11-23T04:05:06Z",
    fields=[types.Field("Previous", "ACTIVE")],
    event_json="{}",
)
EARLIER = types.Receipt(message_id="5", target="6", warnings=["w"])
ATTEMPT = types.Attempt(
    delivery_id="d",
    number=2,
    presentation=types.Presentation.PLAIN,
    remaining_ms=9,
    resume="r",
    earlier=EARLIER,
)

Deliver = Callable[[Notification, Any, Attempt, Host], Receipt]


def call(deliver: Deliver, attempt: types.Attempt = ATTEMPT) -> types.Receipt:
    """One call of the component's export, of a plugin that does `deliver`."""

    class Plugin(Channel[dict[str, Any]]):
        description = "{}"

        def deliver(
            self, notification: Notification, settings: dict[str, Any], attempt: Attempt, host: Host
        ) -> Receipt:
            return deliver(notification, settings, attempt, host)

    receipt: types.Receipt = export(Plugin)().deliver(NOTIFICATION, '{"a":1}', attempt)
    return receipt


class Bridge(unittest.TestCase):
    def setUp(self) -> None:
        self.lines: list[tuple[log.Level, str]] = []
        self.enterContext(patch.object(log, "write", lambda level, line: self.lines.append((level, line))))
        for name in ("stdout", "stderr", "excepthook"):
            self.enterContext(patch.object(sys, name, io.StringIO()))


class Call(Bridge):
    def test_the_plugin_gets_what_the_host_hands_over(self) -> None:
        got: list[Any] = []

        def deliver(*arguments: Any) -> Receipt:
            got.extend(arguments)
            return Receipt(message_id="7\ud800", target="8", warnings=("odd",))

        receipt = call(deliver)
        self.assertEqual(receipt, types.Receipt(message_id="7?", target="8", warnings=["odd"]))
        notification, settings, attempt, _ = got
        expected = Notification(
            event_id="e1",
            device_id="home-heating",
            status="INACTIVE",
            severity=Severity.WARNING,
            title="t",
            body="b",
            body_format=TextFormat.HTML,
            occurred_at="2026-11-23T04:05:06Z",
            fields=(Field("Previous", "ACTIVE"),),
            event_json="{}",
        )
        self.assertEqual((notification, settings), (expected, {"a": 1}))
        earlier = Receipt(message_id="5", target="6", warnings=("w",))
        plain = Presentation.PLAIN
        expected_attempt = Attempt(
            delivery_id="d", number=2, presentation=plain, remaining_ms=9, resume="r", earlier=earlier
        )
        self.assertEqual(attempt, expected_attempt)

    def test_there_may_be_no_earlier_message(self) -> None:
        first = types.Attempt("d", 1, types.Presentation.MINIMAL, 9, "", None)

        def deliver(_notification: Notification, _settings: Any, attempt: Attempt, _host: Host) -> Receipt:
            self.assertEqual((attempt.earlier, attempt.presentation), (None, Presentation.MINIMAL))
            return Receipt()

        call(deliver, first)

    def test_every_name_of_the_contract_is_known(self) -> None:
        for ours, theirs in (
            (Severity, types.Severity),
            (TextFormat, types.TextFormat),
            (Presentation, types.Presentation),
            (Level, log.Level),
        ):
            self.assertEqual([name.name for name in ours], [name.name for name in theirs])


class Failed(Bridge):
    def heard(self, failure: Exception) -> types.Failure:
        def deliver(*_: Any) -> Receipt:
            raise failure

        with self.assertRaises(Err) as caught:
            call(deliver)
        heard: types.Failure = caught.exception.value
        return heard

    def test_every_failure_is_heard_with_its_reason(self) -> None:
        rows: list[tuple[Failure, types.Reason]] = [
            (RateLimited(1500, "x"), types.Reason_RateLimited(1500)),
            (RateLimited(2**40, "x"), types.Reason_RateLimited(2**32 - 1)),
            (RateLimited(-1, "x"), types.Reason_RateLimited(0)),
            (Transient("x"), types.Reason_Transient()),
            (ContentRefused("x"), types.Reason_ContentRefused()),
            (Rejected("x"), types.Reason_Rejected()),
            (Misconfigured("x"), types.Reason_Misconfigured()),
            (UnsetSecret("x"), types.Reason_Misconfigured()),
        ]
        for failure, reason in rows:
            with self.subTest(failure=failure):
                self.assertEqual(self.heard(failure), types.Failure(reason, "x", ""))

    def test_detail_and_resume_are_text(self) -> None:
        heard = self.heard(Transient("a\ud800").resuming("2,\udc00"))
        self.assertEqual((heard.detail, heard.resume), ("a?", "2,?"))

    def test_a_failure_without_a_reason_breaks_the_plugin(self) -> None:
        def deliver(*_: Any) -> Receipt:
            raise Failure("x")

        with self.assertRaises(TypeError):
            call(deliver)

    def test_what_nobody_caught_is_logged_as_the_last_words(self) -> None:
        def deliver(*_: Any) -> Receipt:
            raise ValueError("boom")

        try:
            call(deliver)
        except ValueError as error:
            sys.excepthook(ValueError, error, error.__traceback__)
        self.assertEqual(self.lines[0], (log.Level.ERROR, "ValueError: boom"))
        self.assertRegex(self.lines[-1][1], r"test_component\.py, line \d+, in .*deliver")

    def test_what_is_printed_is_logged(self) -> None:
        def deliver(*_: Any) -> Receipt:
            print("hello")
            print("unfinished", end="", file=sys.stderr)
            return Receipt()

        call(deliver)
        self.assertEqual(self.lines, [(log.Level.INFO, "hello"), (log.Level.WARN, "unfinished")])


class Imports(Bridge):
    def test_a_request_is_sent_and_its_answer_read(self) -> None:
        sent: list[http.Request] = []

        def send(request: http.Request) -> http.Response:
            sent.append(request)
            return http.Response(204, [("retry-after", "1")], b"\xff")

        with patch.object(http, "send", send):
            answer = component.Imports().send("PUT", "https://example.com/\ud800", json={"a": 1}, timeout_ms=5)
        headers = [("content-type", "application/json")]
        self.assertEqual(sent, [http.Request("PUT", "https://example.com/?", headers, b'{"a":1}', 5)])
        self.assertEqual((answer.status, answer.header("retry-after"), answer.body), (204, "1", b"\xff"))

    def test_every_reason_for_no_answer_is_told(self) -> None:
        for reason, name, detail in (
            (http.SendReason_Denied("no grant"), "denied", "no grant"),
            (http.SendReason_Timeout(), "timeout", ""),
            (http.SendReason_TooLarge(), "too-large", ""),
            (http.SendReason_Network("reset"), "network", "reset"),
            (http.SendReason_Invalid("no scheme"), "invalid", "no scheme"),
        ):
            for request_sent in (False, True):
                error = Err(http.SendError(reason, request_sent))
                with self.subTest(reason=name), patch.object(http, "send", side_effect=error):
                    with self.assertRaises(SendError) as caught:
                        component.Imports().send("GET", "https://example.com/")
                told = caught.exception
                self.assertEqual((told.reason, told.detail, told.request_sent), (name, detail, request_sent))

    def test_a_secret_is_referenced(self) -> None:
        with patch.object(secrets, "reference", lambda name: f"secret-{name}"):
            self.assertEqual(component.Imports().reference("token"), "secret-token")
        for reason, expected in (
            (secrets.ReferenceError_Undeclared(), UndeclaredSecret),
            (secrets.ReferenceError_Unset(), UnsetSecret),
        ):
            with patch.object(secrets, "reference", side_effect=Err(reason)), self.assertRaises(expected):
                component.Imports().reference("token")
