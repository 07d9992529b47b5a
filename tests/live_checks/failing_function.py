"""A function that fails, for `groups.retries`: it says that it was called, and when, and breaks. It runs in AWS, alone."""

import json
import os
import time

import boto3


def handler(event, context):
    attempt = {"request-id": context.aws_request_id, "at": time.time(), "event": event}
    boto3.client("sqs").send_message(QueueUrl=os.environ["ATTEMPTS"], MessageBody=json.dumps(attempt))
    raise RuntimeError("fails, as it is meant to")
