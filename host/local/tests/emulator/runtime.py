#!/usr/bin/env python3
"""A Lambda function for tests: it does what the event's "do" says, or the variable BEAT if a schedule sent the event,
by the Runtime API and nothing else."""

import http.client
import json
import os
import signal
import sys
import time

API = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
RUNTIME = "/2018-06-01/runtime"


def call(method, path, body=None):
    API.request(method, RUNTIME + path, body)
    response = API.getresponse()
    return response.status, dict((name.lower(), value) for name, value in response.getheaders()), response.read()


def start(how):
    if how == "error":
        call("POST", "/init/error", json.dumps({"errorType": "Start.NoConfig", "errorMessage": "no configuration"}))
        sys.exit(1)
    if how == "exit":
        sys.exit(7)
    if how == "hang":
        time.sleep(60)


def attempts(path, request_id):
    """Notes this attempt in a file, and counts those so far."""
    with open(path, "a+") as file:
        file.write(request_id + "\n")
        file.seek(0)
        return len(file.readlines())


def handle(event, headers):
    """What to answer: a path below the invocation, and a document."""
    request_id = headers["lambda-runtime-aws-request-id"]
    do = event.get("do", "echo")
    if event.get("source") == "aws.events":
        do = os.environ["BEAT"]
        print(json.dumps(event), flush=True)
    if do == "echo":
        return "response", {"event": event, "headers": headers, "environment": dict(os.environ), "pid": os.getpid(),
                            "directory": os.getcwd(), "now": int(time.time() * 1000)}
    if do == "fail":
        return "error", {"errorType": "Broken", "errorMessage": "as asked", "stackTrace": ["here"]}
    if do == "fail-first":
        if attempts(event["file"], request_id) <= event["times"]:
            return "error", {"errorType": "Broken", "errorMessage": "not yet"}
        return "response", "at last"
    if do == "hang":
        time.sleep(60)
    if do == "sleep":
        time.sleep(event["seconds"])
        return "response", os.getpid()
    if do == "exit":
        sys.exit(event["code"])
    if do == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    if do == "large":
        return "response", "x" * (event["size"] - 2)
    if do == "print":
        print(event["out"], flush=True)
        print(event["err"], file=sys.stderr, flush=True)
        return "response", None
    if do == "print-and-hang":
        print(event["out"], flush=True)
        time.sleep(60)
    if do == "misuse":
        answers = [call("POST", "/invocation/another/response", "{}"), call("GET", "/invocation/next"),
                   call("POST", "/init/error", "{}"), call("POST", f"/invocation/{request_id}/nothing", "{}")]
        return "response", [[status, body.decode()] for status, _, body in answers]
    raise ValueError(do)


start(os.environ.get("START"))
while True:
    _, headers, body = call("GET", "/invocation/next")
    kind, document = handle(json.loads(body), headers)
    print(call("POST", f"/invocation/{headers['lambda-runtime-aws-request-id']}/{kind}", json.dumps(document)), flush=True)
