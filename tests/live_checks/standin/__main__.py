"""Starts the stand-in, prints where it is as JSON, and ends with its standard input."""

import argparse
import json
import os
import sys
import tempfile
from pathlib import Path

from . import faults

# The emulator of Lambda, under which the function runs, is there too.
REGION = "us-east-1"
STACK = "campanile"


def main() -> None:
    """Everything in threads; this one waits."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--project", type=Path, required=True, help="the folder with the function's configuration and plugins"
    )
    parser.add_argument("--template", type=Path, required=True)
    parser.add_argument("--factor", type=float, default=0.05, help="how much shorter waits are than in AWS")
    parser.add_argument("--fault", action="append", default=[], choices=list(faults.KNOWN))
    chosen = parser.parse_args()
    faults.active.update(chosen.fault)
    with tempfile.TemporaryDirectory(prefix="campanile-stand-in-") as folder:
        print(json.dumps(start(chosen, Path(folder))), flush=True)
        sys.stdin.read()
    # The servers' threads do not end by themselves.
    os._exit(0)


def start(chosen: argparse.Namespace, folder: Path) -> dict[str, object]:
    """Starts all parts; says where they are."""
    from . import service, stack
    from .authority import Authority
    from .broker import Broker, Message
    from .engine import Engine

    authority = Authority()
    certificate, key = authority.serve(folder)

    def publish(topic: str, payload: bytes) -> None:
        engine.messages.put(Message(topic, payload, client_id=None))

    endpoint, backend = service.start(authority, REGION, chosen.factor, publish)
    broker = Broker(backend, lambda message: engine.messages.put(message))
    engine = Engine(
        endpoint, REGION, Path(os.environ["CAMPANILE"]), chosen.project, lambda: backend().rules, broker.deliver
    )
    broker.start(certificate, key, folder / "authority.pem")
    outputs = stack.create(chosen.template, STACK, endpoint, REGION)
    engine.function, engine.dispatch_table = outputs["FunctionName"], outputs["DispatchTableName"]
    place = {
        "endpoint": endpoint,
        "mqtt-host": "localhost",
        "mqtt-port": broker.port,
        "authority": str(folder / "authority.pem"),
    }
    return place | {"factor": chosen.factor, "region": REGION, "stack": STACK}


if __name__ == "__main__":
    main()
