"""What was checked and what came out; as a table, as Markdown and as JSON."""

import json
import threading
from dataclasses import asdict, dataclass, field
from datetime import datetime, timezone
from enum import StrEnum

WIDTH = 100


class Verdict(StrEnum):
    """How what was found stands to what was expected."""

    AGREES = "agrees"
    DIFFERS = "differs"
    UNCHECKED = "could not be checked"


@dataclass
class Check:
    """One thing that was looked at. `expected` and `found` are words or JSON, for people."""

    group: str
    name: str
    expected: str
    found: str
    verdict: Verdict
    note: str = ""
    # Seconds; none if it was looked at together with others.
    seconds: float | None = None
    # Whether AWS documents nothing, or two things: what was found settles it.
    question: bool = False


@dataclass
class Report:
    """The checks of a run, in the order in which they ended."""

    run: str
    region: str
    begun: datetime = field(default_factory=lambda: datetime.now(timezone.utc))
    stack: str | None = None
    # Where it ran, if that was not AWS.
    standin: bool = False
    checks: list[Check] = field(default_factory=list)
    # What the run made and could not delete.
    left: list[str] = field(default_factory=list)
    ended: datetime | None = None
    interrupted: bool = False
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def add(self, check: Check) -> Check:
        """Keeps a check."""
        with self._turn:
            self.checks.append(check)
        return check

    def count(self, verdict: Verdict) -> int:
        """How many came out so."""
        return sum(check.verdict is verdict for check in self.checks)

    def summary(self) -> str:
        """The closing line."""
        counts = ", ".join(
            f"{self.count(verdict)} {words}"
            for verdict, words in (
                (Verdict.AGREES, "agree"),
                (Verdict.DIFFERS, "differ"),
                (Verdict.UNCHECKED, "could not be checked"),
            )
        )
        return f"{counts}{'; interrupted' if self.interrupted else ''}"

    def table(self) -> str:
        """Every check on a line; those that do not agree with what was expected and found below it."""
        widths = [
            max((len(text) for text in column), default=0)
            for column in ([c.group for c in self.checks], [str(c.verdict) for c in self.checks])
        ]
        lines = []
        for check in self.checks:
            seconds = "" if check.seconds is None else f"  {check.seconds:.1f} s"
            note = f"  {check.note}" if check.note else ""
            lines.append(f"{check.group:<{widths[0]}}  {check.verdict:<{widths[1]}}  {check.name}{seconds}{note}")
            if check.verdict is Verdict.DIFFERS:
                lines += [f"    expected  {clipped(check.expected)}", f"    found     {clipped(check.found)}"]
        return "\n".join(lines)

    def markdown(self) -> str:
        """The report as a page. What comes from outside is put into code, where it can not be markup."""
        lines = [f"# What AWS does, {self.begun:%Y-%m-%d}", ""]
        if self.standin:
            lines += ["**Against stand-ins on one machine: this proves the script, and nothing of AWS.**", ""]
        for name, value in self.facts().items():
            lines.append(f"- {name}: {value}")
        lines += ["", self.summary() + ".", ""]
        for title, chosen in self.sections():
            lines += [
                f"## {title}",
                "",
                "| Group | Check | Expected | Found | Verdict | Time |",
                "|---|---|---|---|---|---|",
            ]
            lines += [row(check) for check in chosen] + [""]
        return "\n".join(lines)

    def sections(self) -> list[tuple[str, list[Check]]]:
        """What asks for attention first; no empty ones."""
        decided = [check for check in self.checks if not check.question]
        sections = [
            (str(verdict).capitalize(), [c for c in decided if c.verdict is verdict])
            for verdict in (Verdict.DIFFERS, Verdict.UNCHECKED)
        ]
        questions = sorted(
            (check for check in self.checks if check.question), key=lambda check: check.verdict is Verdict.AGREES
        )
        sections.append(("Open questions, and what AWS answered", questions))
        sections.append(("Agrees", [c for c in decided if c.verdict is Verdict.AGREES]))
        return [(title, chosen) for title, chosen in sections if chosen]

    def facts(self) -> dict[str, str]:
        """Where and when."""
        facts = {"Run": self.run, "Region": self.region, "Stack": self.stack or "none"}
        facts["Begun"] = f"{self.begun:%Y-%m-%d %H:%M:%SZ}"
        if self.ended:
            facts["Took"] = f"{(self.ended - self.begun).total_seconds():.0f} s"
        if self.left:
            facts["Not deleted"] = ", ".join(f"`{name}`" for name in self.left)
        return facts

    def json(self) -> str:
        """The report for programs."""
        document = {
            "run": self.run,
            "region": self.region,
            "stack": self.stack,
            "begun": self.begun.isoformat(),
            "ended": self.ended.isoformat() if self.ended else None,
            "interrupted": self.interrupted,
            "stand-in": self.standin,
            "not-deleted": self.left,
            "counts": {str(verdict): self.count(verdict) for verdict in Verdict},
            "checks": [asdict(check) for check in self.checks],
        }
        return json.dumps(document, indent=2, ensure_ascii=False)


def row(check: Check) -> str:
    """A check as a line of a table in Markdown."""
    cells = [
        check.group,
        check.name,
        code(check.expected),
        code(check.found),
        str(check.verdict) + (f": {check.note}" if check.note else ""),
    ]
    cells.append("" if check.seconds is None else f"{check.seconds:.1f} s")
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def code(text: str) -> str:
    """Text as code, whatever is in it."""
    return f"`{clipped(text).replace('`', '′')}`" if text else ""


def clipped(text: str) -> str:
    """Text that fits into a line."""
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1] + "…"
