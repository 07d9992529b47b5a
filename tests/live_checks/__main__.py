"""`tests/live`: says what it will do, does it, deletes what it made, and reports."""

import json
import shutil
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError

from . import groups, interrupts, leftovers, options, permissions, stack
from .aws import Aws
from .ledger import Ledger
from .mqtt import Broker
from .options import Options
from .plan import count_of, duration, money
from .report import Report, Verdict
from .run import Clock, Run, new_id
from .stack import NoStack

CASES = Path(__file__).resolve().parents[2] / "host/rules/tests/iot-sql.jsonl"
# Only its owner reads it: the keys of the run's devices are in it.
FOLDER = "campanile-live-"
# What a group may meet that says nothing of what it checks.
TROUBLE = (ClientError, BotoCoreError, NoStack, OSError, RuntimeError, TimeoutError)
AGREES, DIFFERS, USAGE, NOTHING, LEFT, INTERRUPTED = 0, 1, 2, 3, 4, 130


def main() -> int:
    """Everything."""
    chosen = options.read(sys.argv[1:])
    if chosen.permissions:
        print(permissions.policy([groups.ALL[name].PERMISSIONS for name in chosen.groups] + [permissions.CLEANING]))
        return AGREES
    interrupts.install()
    try:
        with tempfile.TemporaryDirectory(prefix=FOLDER) as folder:
            return perform(chosen, Path(folder))
    except (ClientError, BotoCoreError, NoStack, OSError) as error:
        say(f"tests/live: {error}")
        return NOTHING
    except KeyboardInterrupt:
        return INTERRUPTED


def say(text: str) -> None:
    """For people: the standard output is the report's."""
    print(text, file=sys.stderr, flush=True)


def perform(chosen: Options, folder: Path) -> int:
    """With a folder that only its owner may read."""
    run = prepare(chosen, folder)
    if chosen.clean:
        return clean(run)
    explain(run, chosen)
    if chosen.dry_run:
        return AGREES
    if not chosen.yes and not agreed("Go on?", "--yes"):
        return USAGE
    run.tells_people = chosen.tell_people or ("delivery" in chosen.groups and people_agreed(chosen))
    try:
        check_all(run, chosen.groups)
    except KeyboardInterrupt:
        run.report.interrupted = True
        say("interrupted")
    finally:
        if chosen.keep:
            say(
                f"kept: {count_of(len(run.ledger.entries), 'resource')} called {run.prefix}…; tests/live --clean deletes them"
            )
        else:
            run.report.left = run.ledger.close(run.clock.scaled(3))
    return finish(run, chosen)


def prepare(chosen: Options, folder: Path) -> Run:
    """Finds the account, the stack, and where devices connect."""
    standin = json.loads(chosen.stand_in.read_text()) if chosen.stand_in else {}
    services = Aws(chosen.region, standin.get("endpoint"))
    if not chosen.campanile.is_file():
        raise FileNotFoundError(
            "there is no `campanile`, which tells what AWS is compared with: cargo build --release -p campanile"
        )
    if not services.region:
        raise NoStack("there is no region: name it with --region")
    account = services.account()
    prefix = new_id()

    def broker() -> Broker:
        if standin:
            return Broker(standin["mqtt-host"], standin["mqtt-port"], Path(standin["authority"]))
        return Broker(services["iot"].describe_endpoint(endpointType="iot:Data-ATS")["endpointAddress"])

    return Run(
        prefix=prefix,
        account=account,
        services=services,
        report=Report(prefix, services.region, stack=chosen.stack, standin=bool(standin)),
        ledger=Ledger(say),
        folder=folder,
        campanile=chosen.campanile,
        cases=chosen.cases or [CASES],
        clock=Clock(factor=standin.get("factor", 1.0)),
        broker=broker,
        found_stack=stack.find(services, chosen.stack) if chosen.stack and not chosen.clean else None,
        say=say,
    )


def clean(run: Run) -> int:
    """Deletes what earlier runs have left, here too: the folders with keys of runs that were killed."""
    leftovers.find(run.services, run.ledger)
    found = len(run.ledger.entries)
    left = run.ledger.close(run.clock.scaled(3))
    for folder in Path(tempfile.gettempdir()).glob(f"{FOLDER}*"):
        if folder != run.folder:
            shutil.rmtree(folder, ignore_errors=True)
    say(f"deleted {count_of(found - len(left), 'resource')} of earlier runs")
    return LEFT if left else AGREES


def explain(run: Run, chosen: Options) -> None:
    """What it is about to do."""
    say(f"account {run.account}, region {run.services.region}, run {run.prefix}")
    plans = []
    for name in chosen.groups:
        group = groups.ALL[name]
        say(f"\n{name}: {group.SUMMARY}")
        if group.NEEDS_STACK and run.found_stack is None:
            say("  left out: it needs a stack, which --stack names")
            continue
        plans.append(group.plan(run))
        for line in plans[-1].words():
            say(f"  {line}")
    least, most = (sum(plan.seconds[at] for plan in plans) for at in (0, 1))
    say(
        f"\ntogether {duration(least)} to {duration(most)}, {money(sum(plan.cost() for plan in plans))}, free tiers not counted\n"
    )


def agreed(question: str, option: str) -> bool:
    """Asks. Who can't be asked has not agreed."""
    if not sys.stdin.isatty():
        say(f"{question} There is nobody to ask: say {option}")
        return False
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def people_agreed(chosen: Options) -> bool:
    """Asks before people are told, if it can come to that."""
    return chosen.stack is not None and agreed(
        "The group delivery sends an alert and its recovery to real people. Tell them?", "--tell-people"
    )


def check_all(run: Run, chosen: list[str]) -> None:
    """One group after the other; what stops one does not stop the next."""
    for name in chosen:
        group = groups.ALL[name]
        if group.NEEDS_STACK and run.found_stack is None:
            run.check(name, "all", "", "", None, note="it needs a stack, which --stack names")
            continue
        if group.TELLS_PEOPLE and not run.tells_people:
            run.check(name, "all", "", "", None, note="nobody has said that people may be told: --tell-people")
            continue
        since, done = time.monotonic(), len(run.report.checks)
        say(f"{name}: {group.SUMMARY}")
        try:
            group.check(run)
        except TROUBLE as error:
            run.check(name, "the rest", "", "", None, note=str(error), since=since)
        differ = sum(check.verdict is Verdict.DIFFERS for check in run.report.checks[done:])
        say(
            f"{name}: {count_of(len(run.report.checks) - done, 'check')}, {differ} differ, {time.monotonic() - since:.0f} s"
        )


def finish(run: Run, chosen: Options) -> int:
    """Reports, and says how it ended."""
    report = run.report
    report.ended = datetime.now(timezone.utc)
    if chosen.report:
        chosen.report.write_text(report.json() if chosen.report.suffix == ".json" else report.markdown())
        say(f"the report is in {chosen.report}")
    print(report.json() if chosen.json else f"{report.table()}\n\n{report.summary()}", flush=True)
    if report.interrupted:
        return INTERRUPTED
    if report.left:
        return LEFT
    if report.count(Verdict.DIFFERS):
        return DIFFERS
    return AGREES if report.count(Verdict.AGREES) else NOTHING


if __name__ == "__main__":
    sys.exit(main())
