"""What PagerDuty's answers mean: the table of its documentation, and what stands before it."""

import unittest
from typing import Any

from campanile_channel import (
    ContentRefused,
    Failure,
    Misconfigured,
    RateLimited,
    Rejected,
    Response,
    SendReason,
    Transient,
    jsontext,
)
from campanile_channel.testing import ScriptedHost, deliver
from campanile_pagerduty import PagerDuty, answer
from tests.support import host


def response(status: int, body: Any = None, headers: dict[str, str] | None = None) -> Response:
    content = b"" if body is None else body if isinstance(body, bytes) else jsontext.write(body)
    return Response(status=status, headers=tuple((headers or {}).items()), body=content)


def refused(*errors: str) -> dict[str, Any]:
    """The body of the documentation's example, with these errors."""
    return {"status": "invalid event", "message": "Event object is invalid", "errors": list(errors)}


class Accepted(unittest.TestCase):
    def test_success_gives_the_key_if_there_is_one(self) -> None:
        body = {"status": "success", "message": "Event processed", "dedup_key": "srv01/HTTP"}
        self.assertEqual(answer.read(response(202, body)), "srv01/HTTP")
        for odd in (None, b"<html>", [], {"dedup_key": 7}, {}):
            with self.subTest(body=odd):
                self.assertEqual(answer.read(response(202, odd)), "")


class Refused(unittest.TestCase):
    def reason(self, given: Response) -> type[Failure]:
        with self.assertRaises(Failure) as caught:
            answer.read(given)
        return type(caught.exception)

    def test_what_is_wrong_with_an_event_is_told_from_what_is_wrong_with_the_key(self) -> None:
        for errors, reason in (
            (["Length of 'routing_key' is incorrect (should be 32 characters)"], Misconfigured),
            (["'routing_key' is missing or blank"], Misconfigured),
            (["Invalid routing key"], Misconfigured),
            (["'payload.summary' is missing or blank"], ContentRefused),
            (["'payload.summary' is too long (maximum is 1024 characters)"], ContentRefused),
            (["'payload.severity' is invalid (must be one of: critical, warning, error, info)"], ContentRefused),
            (["JSON parse error"], ContentRefused),
            ([], ContentRefused),
        ):
            with self.subTest(errors=errors):
                self.assertIs(self.reason(response(400, refused(*errors))), reason)
        self.assertIs(self.reason(response(400, b"<html>")), ContentRefused)
        self.assertIs(self.reason(response(400, {"errors": [{"routing_key": 1}, 2]})), ContentRefused)

    def test_every_status_has_its_reason(self) -> None:
        for reason, statuses in (
            (Transient, (408, 425, 500, 501, 502, 503, 504, 507, 511, 599)),
            (ContentRefused, (400, 413, 422)),
            (Misconfigured, (300, 301, 302, 303, 304, 307, 308, 401, 403, 404)),
            (Rejected, (402, 405, 406, 409, 410, 411, 414, 415, 418, 426, 431, 451)),
            (RateLimited, (429,)),
        ):
            for status in statuses:
                with self.subTest(status=status):
                    self.assertIs(self.reason(response(status)), reason)

    def test_a_rate_limit_is_waited_for_half_a_minute_unless_a_time_is_told(self) -> None:
        for headers, milliseconds in (
            ({}, 30_000),
            ({"retry-after": "2"}, 2000),
            ({"retry-after": "0.0011"}, 2),
            ({"retry-after": "Fri, 31 Dec 1999 23:59:59 GMT"}, 30_000),
            ({"retry-after": "-3"}, 30_000),
            ({"retry-after": "nan"}, 30_000),
            ({"retry-after": "0"}, 30_000),
            ({"retry-after": "1e300"}, 2**32 - 1),
            ({"retry-after": "inf"}, 2**32 - 1),
        ):
            with self.subTest(headers=headers), self.assertRaises(RateLimited) as caught:
                answer.read(response(429, headers=headers))
            self.assertEqual(caught.exception.milliseconds, milliseconds)

    def test_the_detail_has_the_providers_words_in_one_bounded_line(self) -> None:
        def detail(status: int, body: Any) -> str:
            with self.assertRaises(Failure) as caught:
                answer.read(response(status, body))
            return caught.exception.detail

        words = "PagerDuty answered 400: Event object is invalid; 'payload.summary' is missing or blank"
        self.assertEqual(detail(400, refused("'payload.summary' is missing or blank")), words)
        self.assertEqual(detail(500, b"<html>"), "PagerDuty answered 500")
        self.assertTrue(detail(400, refused("Invalid routing key")).endswith("; check the secret `routing-key`"))
        self.assertEqual(detail(400, refused("a", "b", "c", "d")).count(";"), 3)
        long = detail(400, {"message": "a\nb " + "x" * 5000})
        self.assertTrue(long.startswith("PagerDuty answered 400: a b x"))
        self.assertEqual(len(long), 400)


class NoAnswer(unittest.TestCase):
    def test_a_request_without_an_answer_may_work_later_unless_it_was_refused_here(self) -> None:
        for reason, expected in (
            (SendReason.TIMEOUT, Transient),
            (SendReason.NETWORK, Transient),
            (SendReason.DENIED, Misconfigured),
            (SendReason.INVALID, Rejected),
        ):
            with self.subTest(reason=reason), self.assertRaises(expected):
                deliver(PagerDuty(), host().fail(reason, "words", request_sent=True))

    def test_without_a_key_nothing_is_sent(self) -> None:
        scripted = ScriptedHost()
        with self.assertRaises(Misconfigured):
            deliver(PagerDuty(), scripted)
        self.assertEqual(scripted.requests, [])

    def test_no_failure_has_the_key_in_it(self) -> None:
        with self.assertRaises(Failure) as caught:
            deliver(PagerDuty(), host().answer(400, json=refused("Invalid routing key")))
        self.assertNotIn("SECRET", caught.exception.detail)
