"""Judges events by the models of the Python package.

NDJSON on standard input, and one JSON document on standard output, a list with the problems of each
event.
"""

import json
import sys

from ag_ui._generated import models
from ag_ui.core import Event
from pydantic import BaseModel, TypeAdapter, ValidationError

EVENT = TypeAdapter(Event)

# RFC 6902 lets them have further members.
OPEN = (
    models.AddOperation,
    models.CopyOperation,
    models.MoveOperation,
    models.RemoveOperation,
    models.ReplaceOperation,
    models.TestOperation,
)


def problems(line):
    try:
        event = EVENT.validate_json(line, strict=True)
    except ValidationError as error:
        return [f"{pointer(issue['loc'])}: {issue['msg']}" for issue in error.errors()]
    # The models keep unknown members, so these have to be looked for.
    found = list(unknown(event, ()))
    # What the package would send is what it was given, so nothing was ignored or read as something else.
    # As text, since Python takes 1, 1.0 and true for equal.
    sent = json.dumps(json.loads(line), sort_keys=True)
    again = json.dumps(EVENT.dump_python(event, mode="json", by_alias=True), sort_keys=True)
    if sent != again:
        found.append(f"written again as {again}")
    return found


def unknown(value, place):
    if isinstance(value, BaseModel):
        if not isinstance(value, OPEN):
            yield from (f"{pointer((*place, name))}: unknown member" for name in value.model_extra)
        for name in type(value).model_fields:
            yield from unknown(getattr(value, name), (*place, name))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown(item, (*place, index))


def pointer(place):
    return "".join(f"/{segment}" for segment in place)


print(json.dumps([problems(line) for line in sys.stdin.buffer.read().split(b"\n") if line]))
