"""What a run will make, how long it takes and what it costs, from counts alone."""

from dataclasses import dataclass, field

# US dollars each, in us-east-1 at the end of 2026, rounded up: AWS IoT Core for messages, rules and registry operations, the others
# on demand. Free tiers are not counted.
PRICES = {
    "message": 1.00e-6,
    "rule triggered": 0.15e-6,
    "rule action": 0.15e-6,
    "registry operation": 1.25e-6,
    "queue request": 0.40e-6,
    "table request": 1.25e-6,
    "invocation": 0.60e-6,
}


@dataclass
class Plan:
    """What a group of checks will do."""

    # What is made and deleted again, and how many.
    makes: dict[str, int] = field(default_factory=dict)
    # What AWS counts, by the names of `PRICES`; at most.
    uses: dict[str, int] = field(default_factory=dict)
    # At least this long, and at most, in seconds.
    seconds: tuple[int, int] = (5, 30)
    # What stays.
    leaves: str = ""
    # What has to be said about it before somebody says yes.
    warning: str = ""

    def cost(self) -> float:
        """US dollars."""
        return sum(PRICES[name] * count for name, count in self.uses.items())

    def words(self) -> list[str]:
        """A few lines for people."""
        made = ", ".join(count_of(count, name) for name, count in self.makes.items() if count)
        lines = [f"makes and deletes: {made}" if made else "makes nothing"]
        if self.leaves:
            lines.append(f"leaves: {self.leaves}")
        if self.warning:
            lines.append(self.warning)
        lines.append(f"takes {duration(self.seconds[0])} to {duration(self.seconds[1])}, costs {money(self.cost())}")
        return lines


PLURALS = {"policy": "policies"}


def count_of(count: int, name: str) -> str:
    """`1 rule`, `2 rules`."""
    return f"{count} {name if count == 1 else PLURALS.get(name, name + 's')}"


def duration(seconds: int) -> str:
    """Seconds, or minutes if there are many."""
    return f"{seconds} s" if seconds < 120 else f"{round(seconds / 60)} min"


def money(dollars: float) -> str:
    """Dollars, down to where they are something."""
    if dollars == 0:
        return "nothing"
    return f"less than a cent (US$ {dollars:.6f})" if dollars < 0.01 else f"US$ {dollars:.2f}"
