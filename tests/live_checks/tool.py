"""The tool, asked as people ask it: what it shows of an account is what is checked."""

import json
import os
import subprocess
from typing import Any

from .run import Run


def ask(run: Run, *arguments: str) -> Any:
    """What `campanile … --json` prints. It finds credentials as this program does; the region and the server are ours."""
    environment = os.environ | {"AWS_REGION": run.services.region}
    if run.services.endpoint:
        environment["AWS_ENDPOINT_URL"] = run.services.endpoint
    command = [str(run.campanile), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, cwd=run.folder, env=environment)
    if done.returncode != 0:
        raise RuntimeError(f"campanile {' '.join(arguments[:2])} ended with {done.returncode}: {done.stderr.strip()}")
    return json.loads(done.stdout)


def deliveries(run: Run, device: str, event: str) -> list[Any]:
    """The deliveries of an event."""
    store = f"dynamodb:{run.stack.output('DispatchTableName')}"
    found = ask(run, "deliveries", "--store", store, "--device", device, "--limit", "50")
    return [delivery for delivery in found if delivery["key"]["event"] == event]


def letters(run: Run, marker: str) -> list[Any]:
    """The dead letters of what was no event, with this text in them."""
    store = f"dynamodb:{run.stack.output('DispatchTableName')}"
    return [
        letter
        for letter in ask(run, "deliveries", "letters", "--store", store, "--limit", "50")
        if marker in letter["payload"]
    ]


def events(run: Run, device: str) -> list[Any]:
    """What the event table has of a device, newest first."""
    return ask(
        run, "events", "--store", f"dynamodb:{run.stack.output('EventTableName')}", "--device", device, "--limit", "50"
    )
