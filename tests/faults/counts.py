"""What one family of faults found out, and how it is said."""

from dataclasses import dataclass, field


@dataclass
class Counts:
    """The outcome of one family of faults.

    Attributes:
        name: the family, as it is printed.
        done: how often each thing was done, such as `{"images": 1204, "cuts": 300}`.
        lost: acknowledged changes that were not found afterwards, each in words.
        unreadable: folders that could not be opened, read or proven afterwards, each in words.
        wrong: folders that read well and hold what was never written, each in words.
        skipped: what could not be tried here, each with its reason.
    """

    name: str
    done: dict[str, int] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)

    @property
    def broken(self) -> bool:
        """Whether a promise was broken."""
        return bool(self.lost or self.unreadable or self.wrong)

    def add(self, what: str, times: int = 1) -> None:
        """Count something that was done."""
        self.done[what] = self.done.get(what, 0) + times

    def faults(self) -> list[str]:
        """Every broken promise, each in words."""
        found = [("lost", self.lost), ("unreadable", self.unreadable), ("wrong", self.wrong)]
        return [f"{kind}: {words}" for kind, many in found for words in many]

    def lines(self, most: int = 20) -> list[str]:
        """What is printed: one line of figures, then at most `most` broken promises and every skip."""
        figures = ", ".join(f"{number:,} {what}" for what, number in self.done.items()) or "nothing done"
        verdict = (
            f"{len(self.lost)} lost, {len(self.unreadable)} unreadable, {len(self.wrong)} readable but wrong"
        )
        found = self.faults()
        told = [f"    {one}" for one in found[:most]]
        if len(found) > most:
            told.append(f"    and {len(found) - most} more")
        skips = [f"    skipped: {one}" for one in self.skipped]
        return [f"{self.name}: {figures}; {verdict}; {len(self.skipped)} skipped", *told, *skips]
