"""The keys that every list reads itself; sections of screens with a list take them in."""

from screens.key import Key

# fmt: off
LISTS = (
    Key("up,k", "", "up", "Up one line; Down or j goes down one.", footer=0, shown="↑ ↓ k j"),
    Key("pageup", "", "page", "Up or down one page.", footer=0, shown="PgUp PgDn"),
    Key("g", "", "top", "To the top; G goes to the bottom.", footer=0, shown="g G"),
    Key("slash", "", "find", "Only lines that hold what is typed; Esc clears.", footer=2),
)
"""Keys that every list reads itself."""
