"""The key table's sections of registers, calls, cases, referrals, removals and returns."""

from screens.key import Key

# fmt: off
CASE_SECTIONS: dict[str, tuple[Key, ...]] = {
}
