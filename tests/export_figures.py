"""What `campanile export` takes, and what a script with pandas takes for the same. tests/export runs it and says what it prints."""

import base64
import json
import os
import random
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

EVENTS = 200_000
FORMATS = ("parquet", "csv", "jsonl")
TABLE = "events"
START = 1_795_500_000_000
CREDENTIALS = {"AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "AKIATEST",
               "AWS_SECRET_ACCESS_KEY": "SECRETTEST"}


def item(number: int) -> dict:
    """What the cold rule selects of the message of a device that measures a few things: about 1.1 KB with `raw`, ids and readings random."""
    dice = random.Random(number)
    device = f"home-heating-{number % 50:02}"
    at = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime((START + number * 1000) / 1000))
    reading = {f"sensor_{sensor}": round(dice.gauss(20, 5), 2) for sensor in range(12)}
    payload = {"device_id": device, "event_id": f"01a20000-0000-7000-{dice.getrandbits(16):04x}-{dice.getrandbits(48):012x}", "occurred_at": f"{at}Z",
               "previous": "ACTIVE", "reading": reading, "seq": number // 50, "status": "INACTIVE"}
    raw = base64.b64encode(json.dumps(payload, separators=(",", ":")).encode()).decode()
    return {"client_id": device, "trace_id": str(uuid.UUID(int=dice.getrandbits(128), version=4)), "topic": "home/heating/status",
            "received_at": START + number * 1000, "payload": payload, "raw": raw}


def fill_file(campanile: str, path: Path, count: int) -> None:
    # The tool makes its tables in an empty file.
    path.touch()
    subprocess.run([campanile, "events", "--store", f"sqlite:{path}"], check=True, capture_output=True)
    rows = ((i["client_id"], i["trace_id"], i["received_at"] * 1000, f"{i['client_id']}:{i['trace_id']}",
             json.dumps(i, separators=(",", ":"))) for i in map(item, range(count)))
    with sqlite3.connect(path) as file:
        file.executemany("INSERT INTO events (client_id, trace_id, received_at, name, item) VALUES (?, ?, ?, ?, ?)", rows)
    file.close()


def fill_table(count: int) -> None:
    import boto3
    from boto3.dynamodb.types import Decimal

    table = boto3.resource("dynamodb").create_table(
        TableName=TABLE, BillingMode="PAY_PER_REQUEST",
        KeySchema=[{"AttributeName": "client_id", "KeyType": "HASH"}, {"AttributeName": "trace_id", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("client_id", "trace_id")])
    with table.batch_writer() as batch:
        for number in range(count):
            batch.put_item(json.loads(json.dumps(item(number)), parse_float=Decimal))


def flat(selected: dict) -> dict:
    """The columns of an export."""
    payload = selected["payload"]
    text = lambda value: json.dumps(value, separators=(",", ":"), default=float)
    return {"received_at": int(selected["received_at"]), "occurred_at": payload["occurred_at"], "device": selected["client_id"],
            "device_id": payload["device_id"], "event_id": payload["event_id"], "trace_id": selected["trace_id"],
            "topic": selected["topic"], "status": payload["status"], "previous": payload["previous"], "seq": int(payload["seq"]),
            "reading": text(payload["reading"]), "payload": text(payload), "raw": base64.b64decode(selected["raw"])}


def with_pandas(source: str, form: str, out: str) -> None:
    """The script that people write: all rows into a data frame, and the data frame into a file."""
    import pandas

    if source == "dynamodb":
        import boto3

        pages = boto3.resource("dynamodb").meta.client.get_paginator("scan").paginate(TableName=TABLE)
        selected = (found for page in pages for found in page["Items"])
    else:
        rows = sqlite3.connect(source).execute("SELECT item FROM events ORDER BY received_at, name")
        selected = (json.loads(text) for text, in rows)
    frame = pandas.DataFrame(map(flat, selected))
    frame["received_at"] = pandas.to_datetime(frame["received_at"], unit="ms", utc=True)
    frame["occurred_at"] = pandas.to_datetime(frame["occurred_at"], format="ISO8601", utc=True)
    if form == "parquet":
        frame.to_parquet(out, compression="zstd", index=False)
        return
    frame["raw"] = frame["raw"].map(lambda raw: base64.b64encode(raw).decode())
    if form == "csv":
        frame.to_csv(out, index=False)
    else:
        frame.to_json(out, orient="records", lines=True, date_format="iso")


def measured(what: str, form: str, count: int, command: list[str], out: Path) -> dict:
    """Runs it once. Its start is part of it; so is Python's."""
    begun = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.monotonic() - begun
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        raise SystemExit(f"{' '.join(command)} ended with {child.returncode}")
    figures = {"what": what, "format": form, "events": count, "seconds": round(seconds, 2), "events-a-second": round(count / seconds),
               "bytes": out.stat().st_size, "peak-bytes": usage.ru_maxrss * 1024}
    out.unlink()
    return figures


def compare(campanile: str, store: str, source: str, count: int, formats: tuple[str, ...], folder: Path) -> list[dict]:
    found = []
    for form in formats:
        out = folder / f"out.{form}"
        own = [campanile, "export", "--store", store, "--out", str(out)]
        found.append(measured(f"campanile export, {source_name(source)}", form, count, own, out))
        script = [sys.executable, __file__, "--pandas", source, form, str(out)]
        found.append(measured(f"Python with pandas, {source_name(source)}", form, count, script, out))
    return found


def source_name(source: str) -> str:
    return "DynamoDB (moto)" if source == "dynamodb" else "SQLite"


def show(found: list[dict]) -> None:
    print(f"{'':42}{'':9}{'events':>8}{'a second':>10}{'file':>10}{'memory':>10}")
    for one in found:
        mib = lambda size: f"{one[size] / 2**20:.1f} MiB"
        print(f"{one['what']:42}{one['format']:9}{one['events']:8}{one['events-a-second']:10}{mib('bytes'):>10}{mib('peak-bytes'):>10}")


def moto(program: str) -> tuple[subprocess.Popen, str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([program, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 60
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return server, f"http://127.0.0.1:{port}"
        time.sleep(0.05)
    server.kill()
    raise SystemExit(f"{program} does not listen")


def main(campanile: str, program: str, arguments: list[str]) -> None:
    counts = [int(argument) for argument in arguments if argument != "--json"]
    count = counts[0] if counts else EVENTS
    few = max(count // 50, 1)
    os.environ |= CREDENTIALS
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        fill_file(campanile, folder / "events.db", count)
        file = str(folder / "events.db")
        found = compare(campanile, f"sqlite:{file}", file, count, FORMATS, folder)
        server, os.environ["AWS_ENDPOINT_URL"] = moto(program)
        try:
            fill_table(few)
            found += compare(campanile, f"dynamodb:{TABLE}", "dynamodb", few, ("parquet",), folder)
        finally:
            server.kill()
            server.wait()
    if "--json" in arguments:
        print(json.dumps(found, indent=2))
    else:
        show(found)


if __name__ == "__main__":
    if sys.argv[1] == "--pandas":
        with_pandas(*sys.argv[2:])
    else:
        main(sys.argv[1], sys.argv[2], sys.argv[3:])
