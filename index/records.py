"""Frozen records as plain JSON values, and back. Reads the fields from the records themselves."""

from __future__ import annotations

import dataclasses
import sys
import types
import typing
from collections.abc import Callable
from datetime import date
from typing import Any

Reader = Callable[[Any], Any]


def to_json(value: Any) -> Any:  # noqa: ANN401
    """A record, or what a record holds, as JSON knows it: dataclass → object, tuple → array, date → text."""
    if dataclasses.is_dataclass(value):
        return {f.name: to_json(getattr(value, f.name)) for f in dataclasses.fields(value)}
    if isinstance(value, tuple | list):
        return [to_json(item) for item in value]
    if isinstance(value, dict):
        return {key: to_json(item) for key, item in value.items()}
    return value.isoformat() if isinstance(value, date) else value


def reader(kind: Any) -> Reader:  # noqa: ANN401
    """A function that turns what `to_json` made of a value of type `kind` into that value again.

    Raises `TypeError` for a type that records do not use so far.
    """
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if kind is str:
        return sys.intern  # labels and paths recur in every document
    if kind in (int, float, bool) or origin is typing.Literal:
        return lambda value: value
    if kind is date:
        return date.fromisoformat
    if dataclasses.is_dataclass(kind):
        return _record_reader(typing.cast(type, kind))
    if origin is tuple and len(arguments) == 2 and arguments[1] is Ellipsis:
        item = reader(arguments[0])
        return lambda value: tuple(map(item, value))
    if origin is dict and arguments[0] is str:
        item = reader(arguments[1])
        return lambda value: {key: item(content) for key, content in value.items()}
    if origin in (types.UnionType, typing.Union) and type(None) in arguments and len(arguments) == 2:
        present = reader(next(a for a in arguments if a is not type(None)))
        return lambda value: None if value is None else present(value)
    raise TypeError(f"no reader for {kind}")


def _record_reader(kind: type) -> Reader:
    readers = field_readers(kind)

    def read(value: dict[str, Any]) -> Any:  # noqa: ANN401
        return kind(**{name: read_field(value[name]) for name, read_field in readers.items()})

    return read


def field_readers(kind: type, without: frozenset[str] = frozenset()) -> dict[str, Reader]:
    """A reader for each field of a record, but for those named in `without`."""
    hints = typing.get_type_hints(kind)
    return {f.name: reader(hints[f.name]) for f in dataclasses.fields(kind) if f.name not in without}
