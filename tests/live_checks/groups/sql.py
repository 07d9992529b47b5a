"""Rule SQL: every conformance case is made a rule, asked a message, and its answer is compared.

The rule republishes what it selects to a topic of its own, so an answer tells which case it belongs to. Nothing says that a rule
works already, and nothing says that one does not answer; so messages are sent again until the answers are there, and silence
counts as an answer only for rules that are older than others that have answered.
"""

import subprocess
from pathlib import Path

from .. import cases, permissions, rules
from ..asking import Asking
from ..cases import Case
from ..plan import Plan
from ..run import Run

NAME = "sql"
SUMMARY = "rule SQL: the conformance cases, and what AWS does not document"
NEEDS_STACK = False
TELLS_PEOPLE = False
PERMISSIONS = permissions.together(
    permissions.ENDPOINT,
    permissions.ROLES,
    permissions.RULES,
    permissions.CERTIFICATES,
    permissions.OPERATOR,
    permissions.PUBLISHING,
)
QUESTIONS = Path(__file__).parents[1] / "questions.jsonl"
# Its cases are derived from the developer guide, and some from nothing.
OWN_CASES = Path(__file__).parents[3] / "host/rules/tests/rule-sql.jsonl"
# Rules at a time. An account may have 1000, and has some.
BATCH = 100


def read(run: Run) -> list[Case]:
    """The cases that this run asks: those of the files, and what AWS does not document."""
    found: list[Case] = []
    for path in run.cases:
        found.extend(cases.load(path, run.prefix, first=len(found) + 1))
    if OWN_CASES not in [path.resolve() for path in run.cases]:
        found.extend(case for case in cases.load(OWN_CASES, run.prefix, first=len(found) + 1) if case.question)
    return found + list(cases.load(QUESTIONS, run.prefix, first=found[-1].number + 1))


def plan(run: Run) -> Plan:
    """A rule for each case, and one for each batch that tells when rules work."""
    count = len(read(run))
    batches = -(-count // BATCH)
    return Plan(
        makes={"rule": count + batches, "role": 1, "certificate": 1, "policy": 1},
        # A message there and one back, and the same again for whatever is asked twice.
        uses={"message": 6 * count, "rule triggered": 3 * count, "rule action": 3 * count},
        seconds=(batches * 60 + 30, batches * 420 + 60),
    )


def check(run: Run) -> None:
    """Asks all cases."""
    asked = [case for case in read(run) if not unaskable(run, case)]
    agree_here(run, asked)
    role = rules.role(run, "sql", "iot.amazonaws.com", [rules.allow("iot:Publish", rules.topic_arn(run, "out/*"))])
    identity = rules.operator(run, "sql")
    with Asking(run, identity, role) as asking:
        for first in range(0, len(asked), BATCH):
            batch = asked[first : first + BATCH]
            run.say(f"sql: cases {first + 1} to {first + len(batch)} of {len(asked)}")
            asking.batch(batch)


def unaskable(run: Run, case: Case) -> bool:
    """Reports a case that can't be asked."""
    if case.obstacle:
        run.check(NAME, case.id, "", "", None, note=case.obstacle, question=case.question is not None)
    return case.obstacle is not None


def agree_here(run: Run, asked: list[Case]) -> None:
    """What AWS is compared with has to be what this version of Campanile does."""
    path = run.folder / "cases.jsonl"
    path.write_text(cases.conformance_file(asked))
    command = [str(run.campanile), "rule", "test", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{run.campanile} does not do what the cases say:\n{done.stdout}{done.stderr}")
