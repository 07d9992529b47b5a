"""What can be asked of `tests/live`."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from . import groups

EPILOG = """\
examples:
  tests/live --stack campanile --region eu-central-1 --dry-run    what it would make, how long it takes and what it costs
  tests/live --stack campanile                                    everything; asks before it begins, and before people are told
  tests/live --only sql --yes --json                              rule SQL alone, which needs no stack, for a script
  tests/live --only sql --cases host/rules/tests/rule-sql.jsonl   other conformance cases
  tests/live --permissions --only sql                             the IAM policy that this needs
  tests/live --clean                                              deletes what runs that were killed have left

exit codes:
  0 nothing differs; 1 something differs; 2 the arguments are wrong; 3 it could not begin, or nothing could be checked;
  4 something that it made could not be deleted; 130 interrupted

What it checks, and how to read the report: docs/live.md.
"""


@dataclass(frozen=True)
class Options:
    """The arguments."""

    stack: str | None
    region: str | None
    only: list[str]
    cases: list[Path]
    report: Path | None
    json: bool
    dry_run: bool
    yes: bool
    tell_people: bool
    keep: bool
    clean: bool
    permissions: bool
    campanile: Path
    stand_in: Path | None

    @property
    def groups(self) -> list[str]:
        """The groups to run, in their order."""
        return [name for name in groups.ALL if not self.only or name in self.only]


def read(arguments: Sequence[str]) -> Options:
    """Reads the arguments; ends the program with 2 if they are wrong."""
    return Options(**vars(parser().parse_args(arguments)))


def parser() -> argparse.ArgumentParser:
    """What is known."""
    summaries = "\n".join(
        f"  {name:<14}{group.SUMMARY}{'' if group.NEEDS_STACK else '; needs no stack'}"
        for name, group in groups.ALL.items()
    )
    parser = argparse.ArgumentParser(
        prog="tests/live",
        description="Verifies in a real AWS account what can't be proven on one machine, and prints a report.\n\n"
        f"groups:\n{summaries}\n\n"
        "Everything that it makes is called campanile_live_… and deleted at the end, also after Ctrl-C.\n"
        "Credentials are found as the AWS CLI finds them (AWS_PROFILE, AWS_ACCESS_KEY_ID, …).",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--stack", metavar="NAME", help="the deployed stack; without one, only what needs none is checked")
    add("--region", help="the region; by default that of the AWS CLI's configuration")
    add(
        "--only",
        metavar="GROUP",
        action="append",
        default=[],
        choices=list(groups.ALL),
        help="only this group; may be given more than once",
    )
    add(
        "--cases",
        metavar="FILE",
        action="append",
        default=[],
        type=Path,
        help="conformance cases in place of host/rules/tests/iot-sql.jsonl; may be given more than once",
    )
    add(
        "--report",
        metavar="FILE",
        type=Path,
        help="write the report here: as JSON if it ends with .json, otherwise as Markdown",
    )
    add("--json", action="store_true", help="print the report as JSON")
    add(
        "--dry-run",
        action="store_true",
        help="say what would be made, how long it takes and what it costs, and make nothing",
    )
    add("--yes", action="store_true", help="do not ask before it begins")
    add(
        "--tell-people",
        action="store_true",
        help="do not ask before real people get messages (group delivery); --yes does not answer that",
    )
    add("--keep", action="store_true", help="delete nothing at the end, to look at it; --clean deletes it later")
    add("--clean", action="store_true", help="delete what earlier runs have left, and do nothing else")
    add(
        "--permissions",
        action="store_true",
        help="print the least IAM policy that the chosen groups need, and do nothing else",
    )
    add("--campanile", metavar="FILE", type=Path, required=True, help=argparse.SUPPRESS)
    # For the tests of this script: where AWS is played (`standin`).
    add("--stand-in", metavar="FILE", type=Path, help=argparse.SUPPRESS)
    return parser
