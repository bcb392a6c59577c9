"""Writes the published JSON Schema of the case file: `python -m workbench.desk.schema docs/case.schema.json`."""

import json
import sys
from typing import Any

import msgspec

from workbench.desk.files import write_output
from workbench.domain.casefile import CaseFile

ID = "https://example.org/cme-workbench/case.schema.json"


def case_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the case file, made from its records."""
    (made,), parts = msgspec.json.schema_components([CaseFile], ref_template="#/$defs/{name}")
    top = parts.pop("CaseFile", made)
    for part in (top, *parts.values()):
        # what is sent always has every key, `null` where it does not apply: a reader may rely on it
        part["required"] = sorted(part.get("properties", ()))
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": ID,
        **top,
        "title": "A children-missing-education case file, version 1",
        "$defs": parts,
    }


def schema_text() -> str:
    """The schema as it is published."""
    return json.dumps(case_schema(), indent=2, sort_keys=True) + "\n"


if __name__ == "__main__":
    write_output(sys.argv[1], schema_text().encode(), overwrite=True)
