"""What was published to a rule.

moto keeps what is published and runs no rule. `GET /published` hands it out once, as JSON, so that a test can do what the rule would.
As in AWS, publishing to a rule that is not there succeeds, and the message goes nowhere.
"""

import base64
import json

from moto import server
from moto.iotdata.models import IoTDataPlaneBackend
from werkzeug.wsgi import ClosingIterator

waiting = []


def publish(self, topic, payload, keep=IoTDataPlaneBackend.publish):
    keep(self, topic, payload)
    prefix, _, rest = topic.partition("$aws/rules/")
    name, _, topic = rest.partition("/")
    rule = self.iot_backend.rules.get(name)
    if prefix == "" and rule and not rule.rule_disabled:
        bytes_ = payload if isinstance(payload, bytes) else payload.encode()
        waiting.append({"rule": name, "sql": rule.sql, "topic": topic, "payload": base64.b64encode(bytes_).decode()})


def install():
    IoTDataPlaneBackend.publish = publish

    class Published(server.DomainDispatcherApplication):
        def __call__(self, environ, start_response):
            if environ.get("PATH_INFO") != "/published":
                return super().__call__(environ, start_response)
            body = json.dumps(waiting).encode()
            waiting.clear()
            start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
            return ClosingIterator([body])

    server.DomainDispatcherApplication = Published
