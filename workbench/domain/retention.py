"""How long a leaver's records are kept, what holds them longer, and what an erasure takes."""

from datetime import date

from msgspec import Struct


class Hold(Struct, frozen=True, kw_only=True):
    """A legal hold: while one stands, nothing of the pupil is erased, their cases included. Released, it stays on
    record until the pupil is erased."""

    id: str
    pupil: str
    reason: str
    at: str
    by: str
    released_at: str = ""
    released_by: str = ""
    released_reason: str = ""
    rev: int = 0

    @property
    def stands(self) -> bool:
        """Whether it was not released."""
        return not self.released_at


class Erasure(Struct, frozen=True, kw_only=True):
    """That a pupil's records were erased: what stays in the folder about them. `id` is the pupil's."""

    id: str
    kept_until: date
    reason: str
    """Why it was done now; it may not name the pupil."""
    at: str
    by: str
    rev: int = 0


class RetentionRow(Struct, frozen=True, kw_only=True):
    """A leaver on the list of what is kept until when."""

    pupil: str
    name: str
    left: date
    until: date
    """From this day on the records may be erased."""
    why: str
    due: bool
    """Whether that day has come."""
    holds: tuple[Hold, ...] = ()
    """The legal holds that stand."""


class ErasurePlan(Struct, frozen=True, kw_only=True):
    """What an erasure would take and what would stay; `in_the_way` is empty if it may go ahead."""

    pupil: str
    name: str
    until: date | None
    """None of a pupil who has not left."""
    why: str
    records: dict[str, int]
    """Records by the table that they stand in, those that were dropped before too."""
    parts: int
    """Parts of the log that would be replaced by their digests."""
    shared: int
    """Parts that stay, as they hold what others have too: registers taken, of which numbers and codes remain."""
    entries: int
    """Entries of the log that name the pupil's ids. They stay."""
    others: tuple[str, ...]
    """Records of other pupils that name this one's id. They stay."""
    sealed: int
    """Records that could not be looked into, as they are sealed to others: any of them may be, or name, this pupil's.
    They stay."""
    in_the_way: tuple[str, ...]


class Outcome(Struct, frozen=True, kw_only=True):
    """What an erasure took."""

    pupil: str
    at: str
    records: int
    parts: int
    shared: int
