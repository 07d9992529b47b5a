"""Between the contract's bindings and this package. Only in a component: `componentize-py` makes the bindings while it builds."""

import sys
from types import TracebackType
from typing import Any

from componentize_py_types import Err
from wit_world.imports import http as wit_http
from wit_world.imports import log as wit_log
from wit_world.imports import secrets as wit_secrets
from wit_world.imports import types as wit

from campanile_channel import trace
from campanile_channel.channel import Channel, make_attempt
from campanile_channel.failure import (
    ContentRefused,
    Failure,
    Misconfigured,
    RateLimited,
    Rejected,
    Transient,
    UndeclaredSecret,
    UnsetSecret,
)
from campanile_channel.host import Host
from campanile_channel.http import Request, Response, SendError, SendReason
from campanile_channel.lines import Lines
from campanile_channel.types import Attempt, Field, Level, Notification, Presentation, Receipt, Severity, TextFormat

U32_MAX = 2**32 - 1


def plugin(channel: type[Channel[Any]]) -> type:
    """The exports of interface `plugin`, made of `channel`."""

    class Plugin:
        def describe(self) -> str:
            return channel.description

        def deliver(self, notification: wit.Notification, settings_json: str, attempt: wit.Attempt) -> wit.Receipt:
            host = Imports()
            sys.stdout = Lines(lambda line: host.log(Level.INFO, line))
            sys.stderr = Lines(lambda line: host.log(Level.WARN, line))
            sys.excepthook = _last_words
            try:
                receipt = make_attempt(channel(), _notification(notification), settings_json, _attempt(attempt), host)
            except Failure as failure:
                raise Err(_failure(failure)) from None
            finally:
                sys.stdout.flush()
                sys.stderr.flush()
            return wit.Receipt(
                message_id=_text(receipt.message_id),
                target=_text(receipt.target),
                warnings=[_text(warning) for warning in receipt.warnings],
            )

    return Plugin


class Imports(Host):
    """The real host, by the imports of the component."""

    def exchange(self, request: Request) -> Response:
        headers = [(_text(name), _text(value)) for name, value in request.headers]
        try:
            answer = wit_http.send(
                wit_http.Request(request.method, _text(request.url), headers, request.body, request.timeout_ms)
            )
        except Err as error:
            raise _send_error(error.value) from None
        return Response(status=answer.status, headers=tuple(answer.headers), body=answer.body)

    def reference(self, name: str) -> str:
        try:
            return str(wit_secrets.reference(name))
        except Err as error:
            if isinstance(error.value, wit_secrets.ReferenceError_Undeclared):
                raise UndeclaredSecret(f"the description does not declare the secret `{name}`") from None
            raise UnsetSecret(f"the secret `{name}` of this channel has no value") from None

    def log(self, level: Level, message: str) -> None:
        wit_log.write(wit_log.Level[level.name], _text(message))


def _last_words(_kind: type[BaseException], error: BaseException, _place: TracebackType | None) -> None:
    """Called for what nobody caught, before the component breaks on it: a sandbox has no terminal to print it on."""
    for line in trace.lines(error):
        Imports().log(Level.ERROR, line)


def _send_error(error: wit_http.SendError) -> SendError:
    reasons = {
        wit_http.SendReason_Denied: SendReason.DENIED,
        wit_http.SendReason_Timeout: SendReason.TIMEOUT,
        wit_http.SendReason_TooLarge: SendReason.TOO_LARGE,
        wit_http.SendReason_Network: SendReason.NETWORK,
        wit_http.SendReason_Invalid: SendReason.INVALID,
    }
    detail = getattr(error.reason, "value", "")
    return SendError(reasons[type(error.reason)], detail, request_sent=error.request_sent)


def _failure(failure: Failure) -> wit.Failure:
    return wit.Failure(_reason(failure), _text(failure.detail), _text(failure.resume))


def _reason(failure: Failure) -> wit.Reason:
    match failure:
        case RateLimited():
            return wit.Reason_RateLimited(min(max(failure.milliseconds, 0), U32_MAX))
        case Transient():
            return wit.Reason_Transient()
        case ContentRefused():
            return wit.Reason_ContentRefused()
        case Rejected():
            return wit.Reason_Rejected()
        case Misconfigured():
            return wit.Reason_Misconfigured()
        case _:
            raise TypeError(f"{type(failure).__name__} is none of the contract's reasons") from failure


def _notification(given: wit.Notification) -> Notification:
    return Notification(
        event_id=given.event_id,
        device_id=given.device_id,
        status=given.status,
        severity=Severity[given.severity.name],
        title=given.title,
        body=given.body,
        body_format=TextFormat[given.body_format.name],
        occurred_at=given.occurred_at,
        fields=tuple(Field(field.name, field.value) for field in given.fields),
        event_json=given.event_json,
    )


def _attempt(given: wit.Attempt) -> Attempt:
    return Attempt(
        delivery_id=given.delivery_id,
        number=given.number,
        presentation=Presentation[given.presentation.name],
        remaining_ms=given.remaining_ms,
        resume=given.resume,
        earlier=None if given.earlier is None else _receipt(given.earlier),
    )


def _receipt(given: wit.Receipt) -> Receipt:
    return Receipt(message_id=given.message_id, target=given.target, warnings=tuple(given.warnings))


def _text(text: str) -> str:
    """`text` without halves of surrogate pairs: the component model has no such strings, and breaks on them."""
    return text.encode("utf-8", "replace").decode("utf-8")
