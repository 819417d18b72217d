"""Collects the result of each check and prints the summary."""

from dataclasses import dataclass, field


@dataclass
class Check:
    """One check: how much it looked at, and what it found."""

    name: str
    counts: dict[str, int] = field(default_factory=dict)
    failures: set[tuple[str, str]] = field(default_factory=set)
    skipped: str = ""

    def count(self, what: str, number: int = 1) -> None:
        """Add `number` to the tally of `what` (a plural noun)."""
        self.counts[what] = self.counts.get(what, 0) + number

    def fail(self, file: str, reason: str) -> None:
        """Note that `file` breaks this check."""
        self.failures.add((file, reason))

    def fail_all(self, file: str, reasons) -> None:
        """Note each of `reasons` against `file`."""
        for reason in reasons:
            self.fail(file, reason)


class Report:
    """All checks of one run, in the order in which they were first named."""

    def __init__(self) -> None:
        self.checks: dict[str, Check] = {}

    def check(self, name: str) -> Check:
        """The check called `name`, made when it is new."""
        return self.checks.setdefault(name, Check(name))

    @property
    def failed(self) -> bool:
        """Whether any check has a failure."""
        return any(check.failures for check in self.checks.values())

    def print(self, limit: int) -> None:
        """Print a line per check, and under it up to `limit` failures (0: all)."""
        for check in self.checks.values():
            state = "FAIL" if check.failures else "skip" if check.skipped else "ok"
            counts = ", ".join(f"{n:,} {what}" for what, n in check.counts.items())
            detail = check.skipped or counts or "nothing to look at"
            if check.failures:
                detail += f"; {len(check.failures):,} failures"
            print(f"  {state:<5} {check.name:<9} {detail}")
            shown = sorted(check.failures)
            shown = shown[:limit] if limit else shown
            for file, reason in shown:
                print(f"          {file}: {reason}")
            if len(shown) < len(check.failures):
                print(f"          … and {len(check.failures) - len(shown):,} more")
