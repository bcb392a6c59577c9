"""A validator's words in plain ones, for people who write rules and examples and not programs."""

import re

_UNKNOWN = re.compile(r"^Object contains unknown field `(.+?)`(?: - at `\$\.?(.*)`)?$")
_MISSING = re.compile(r"^Object missing required field `(.+?)`(?: - at `\$\.?(.*)`)?$")
_AT = re.compile(r" - at `\$\.?(.*)`$")


def plainly(text: str, place: str = "") -> str:
    """What is wrong, with the key and where it stands.

    Args:
        text: what the validator said.
        place: where the validated value stands; used where the validator names none.
    """
    for pattern, words in ((_UNKNOWN, "unknown key"), (_MISSING, "missing key")):
        found = pattern.match(text)
        if found:
            where = found.group(2) or place
            return f"{words} `{found.group(1)}`{f' in {where}' if where else ''}"
    found = _AT.search(text)
    return f"{found.group(1) or place}: {_AT.sub('', text)}" if found else f"{place or 'value'}: {text}"
