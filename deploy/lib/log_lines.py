"""Makes lines for people of what CloudWatch has: `python3 log_lines.py SEEN WANTED <EVENTS.json`.

EVENTS.json is a list of [milliseconds, id, text]. SEEN is a file with the newest time and the ids that were shown, so that nothing is shown
twice. WANTED is `all`, `errors`, or a part of a delivery's id. A text is a record of Campanile's, a line of its log, or one of the platform's.
What devices and providers wrote is in it: nothing of it reaches the terminal as a control character.
"""

import json
import sys
from datetime import datetime, timezone
from pathlib import Path

BAD = ("WARN", "ERROR", "FATAL")


def told(text):
    """Level, sentence, and the id of the delivery if there is one; no sentence for what says nothing to people."""
    try:
        record = json.loads(text)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        # The log is JSON: what is none was said in need.
        return "ERROR", text, ""
    if str(record.get("type", "")).startswith("platform."):
        return of_the_platform(record)
    # A line of the log's own has its text among fields.
    fields = record.get("fields") if isinstance(record.get("fields"), dict) else {}
    parts = [record.get("message") or fields.get("message") or text]
    if isinstance(record.get("AttemptTime"), (int, float)):
        parts.append(f"{record['AttemptTime']} ms")
    parts += [str(record[name]) for name in ("Detail", "Reason") if record.get(name)]
    return str(record.get("level", "INFO")), "  ".join(map(str, parts)), str(record.get("DeliveryId", ""))


def of_the_platform(record):
    inner = record.get("record") if isinstance(record.get("record"), dict) else {}
    status = inner.get("status", "success")
    if status == "success":
        return "INFO", "", ""
    return "ERROR", f"{record['type']}: {status} {inner.get('errorType', '')} {inner.get('requestId', '')}", ""


def is_wanted(wanted, level, delivery):
    if wanted == "all":
        return True
    return level in BAD if wanted == "errors" else wanted in delivery


def visible(text):
    return "".join(each if each.isprintable() else f"\\x{ord(each):02x}" for each in text)


def main():
    path, wanted = Path(sys.argv[1]), sys.argv[2].removeprefix("delivery:")
    newest, *seen = path.read_text().split() if path.exists() else ["0"]
    newest, seen = int(newest), set(seen)
    for time, name, text in sorted(json.load(sys.stdin) or [], key=lambda event: event[0]):
        if name in seen:
            continue
        seen.add(name)
        newest = max(newest, time)
        level, sentence, delivery = told(text.rstrip("\n"))
        if sentence and is_wanted(wanted, level, delivery):
            moment = datetime.fromtimestamp(time / 1000, timezone.utc)
            print(f"{moment:%Y-%m-%d %H:%M:%S}.{time % 1000:03}Z  {level:<5}  {visible(sentence)}", flush=True)
    path.write_text("\n".join([str(newest), *seen]))


main()
