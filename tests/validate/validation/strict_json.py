"""JSON as RFC 8259 has it: UTF-8, no NaN, no key twice."""

import json


def loads(data: bytes | str):
    """Parse `data`; ValueError says what is wrong with it."""
    text = data.decode("utf-8") if isinstance(data, bytes) else data
    return json.loads(text, parse_constant=_refuse, object_pairs_hook=_object)


def strings(data):
    """Yield `(key, text)` for every text value in `data`, at any depth; items of a list have the key of the list."""
    stack = [("", data)]
    while stack:
        key, value = stack.pop()
        if isinstance(value, dict):
            stack.extend(reversed(value.items()))
        elif isinstance(value, list):
            stack.extend((key, item) for item in reversed(value))
        elif isinstance(value, str):
            yield key, value


def keys(data):
    """Yield every key in `data`, at any depth."""
    stack = [data]
    while stack:
        value = stack.pop()
        if isinstance(value, dict):
            yield from value
            stack.extend(value.values())
        elif isinstance(value, list):
            stack.extend(value)


def _refuse(name: str):
    raise ValueError(f"{name} is no JSON")


def _object(pairs: list) -> dict:
    made = dict(pairs)
    if len(made) < len(pairs):
        raise ValueError(f"a key occurs twice among {', '.join(key for key, _ in pairs)}")
    return made
