"""One request at a time.

DynamoDB's conditional writes are one step. moto 5.2.5 checks the condition and writes in two, and answers each request in a
thread of its own: of two workers that claim one delivery, both can win. Whatever it is asked is left as it is.
"""

import threading
from contextlib import closing

from moto import server


def install():
    class OneByOne(server.DomainDispatcherApplication):
        turn = threading.Lock()

        def __call__(self, environ, start_response):
            with self.turn, closing(super().__call__(environ, start_response)) as answer:
                return [b"".join(answer)]

    server.DomainDispatcherApplication = OneByOne
