"""Conformance cases of rule SQL, and how they are asked of an account that does other things too.

A case's topic is put below one of the run's own, in its FROM as well, so that a message of a case reaches the rule of that
case and no other: neither another case's, nor one that alerts people. Where the statement asks for its topic that would change
the answer; such a message goes to its rule directly, by Basic Ingest, which hides the prefix from the statement.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import compare

# The topic filter is the one FROM with a text; rows come from paths.
SOURCE = re.compile(r"(?i)\bFROM\s+(['\"])(?P<filter>[^'\"]*)\1")
ASKS_TOPIC = re.compile(r"(?i)\btopic\s*\(")
# What is different for a message that does not come by MQTT.
ASKS_SENDER = re.compile(r"(?i)\b(clientid|traceid|principal)\s*\(")
BASIC_INGEST = re.compile(r"^\$aws/rules/[^/]+/(?P<topic>.+)$")
DEFAULT_VERSION = "2016-03-23"


@dataclass
class Case:
    """A case as it is asked: where the message goes, and what is expected in this run."""

    id: str
    # The rule's name is made of it.
    number: int
    rule: str
    sql: str
    version: str
    topic: str
    payload: bytes
    client: str | None
    expected: Any
    # What AWS does not say, in words; none if it does.
    question: str | None
    # Whether it is published by HTTPS: it has no client, and asks for it.
    by_http: bool
    # Whether messages of others in this account may reach the rule.
    shares_topic: bool
    # Why it can't be asked; none if it can.
    obstacle: str | None = None
    # The statement itself is the question: is it one? Nothing is published.
    refused: bool = False

    def conformance(self) -> dict[str, Any]:
        """The case as `campanile rule test` reads it."""
        line = {"id": self.id, "sql": self.sql, "topic": self.topic, "version": self.version, "expect": self.expected}
        if self.client:
            line["clientid"] = self.client
        return line | {"payload_raw": self.payload.decode()}


def load(path: Path, prefix: str, first: int = 1) -> Iterator[Case]:
    """The cases of a file. `prefix` is the run's: the topics' first level, and the beginning of names."""
    lines = [line for line in path.read_text().splitlines() if line.strip()]
    for number, line in enumerate(lines, start=first):
        yield localised(compare.read(line), number, prefix)


def localised(case: dict[str, Any], number: int, prefix: str) -> Case:
    """A case as it is asked in a run."""
    rule = f"{prefix}_{number}"
    sql, topic, shares = place(case["sql"], case.get("topic", ""), rule, f"{prefix}/{number}")
    client, expected = case.get("clientid"), case.get("expect")
    if client is not None:
        expected = renamed(expected, client, f"{prefix}_{client}")
        client = f"{prefix}_{client}"
    source = case.get("source", "")
    return Case(
        id=case["id"],
        number=number,
        rule=rule,
        sql=sql or case["sql"],
        version=case.get("version", DEFAULT_VERSION),
        topic=topic,
        payload=published(case),
        client=client,
        expected=expected,
        question=source.partition(": ")[2] if source.startswith(("undocumented", "open")) else None,
        by_http=client is None and ASKS_SENDER.search(case["sql"]) is not None,
        shares_topic=shares,
        obstacle=obstacle(case, sql),
        refused=case.get("refused", False),
    )


def place(sql: str, topic: str, rule: str, base: str) -> tuple[str | None, str, bool]:
    """The statement and where its message is published, and whether others may publish there; no statement if it has
    several topic filters, which it can't have."""
    sources = list(SOURCE.finditer(sql))
    if direct := BASIC_INGEST.match(topic):
        return sql, f"$aws/rules/{rule}/{direct['topic']}", bool(sources)
    if not sources:
        return sql, f"{base}/{topic}", False
    if len(sources) > 1:
        return None, topic, True
    if ASKS_TOPIC.search(sql):
        return sql, f"$aws/rules/{rule}/{topic}", True
    at = sources[0].start("filter")
    return f"{sql[:at]}{base}/{sql[at:]}", f"{base}/{topic}", False


def obstacle(case: dict[str, Any], sql: str | None) -> str | None:
    """Why a case can't be asked."""
    if "stubs" in case:
        return f"asks another service: {', '.join(case['stubs'])}"
    return None if sql else "has more than one topic filter"


def published(case: dict[str, Any]) -> bytes:
    """What is published, to the byte."""
    if "payload_raw" in case:
        return str(case["payload_raw"]).encode()
    return compare.write(case.get("payload")).encode()


def renamed(value: Any, before: str, after: str) -> Any:
    """A value with all strings that are `before` replaced."""
    if isinstance(value, dict):
        return {key: renamed(inner, before, after) for key, inner in value.items()}
    if isinstance(value, list):
        return [renamed(inner, before, after) for inner in value]
    return after if value == before else value


def conformance_file(cases: list[Case]) -> str:
    """The cases as a file for `campanile rule test`, which knows none that is to be refused."""
    return "".join(compare.write(case.conformance()) + "\n" for case in cases if not case.refused)
