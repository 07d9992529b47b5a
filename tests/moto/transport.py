"""Policies that ask for TLS.

The tests speak HTTP with moto on the loopback interface, which stands for TLS. moto reads policies of buckets without their conditions:
one that denies what does not come by TLS would deny everything.
"""

import json

from moto.s3.models import FakeBucket


def get_permission(self, action, resource, judge=FakeBucket.get_permission):
    kept = self.policy
    if kept is None:
        return judge(self, action, resource)
    document = json.loads(kept)
    document["Statement"] = [each for each in document["Statement"] if not of_transport(each)]
    try:
        self.policy = json.dumps(document).encode()
        return judge(self, action, resource)
    finally:
        self.policy = kept


def of_transport(statement):
    return statement.get("Condition") == {"Bool": {"aws:SecureTransport": "false"}}


def install():
    FakeBucket.get_permission = get_permission
