"""Splits a `srcset` attribute into its URLs, as browsers do."""


def urls(srcset: str) -> list[str]:
    """The URL of every candidate in `srcset`; a comma inside a URL does not split it."""
    found = []
    rest = srcset
    while rest := rest.lstrip(" \t\n\r\f,"):
        url, _, rest = _cut(rest)
        if url.endswith(","):
            url = url.rstrip(",")
        else:
            rest = _skip_descriptors(rest)
        found.append(url)
    return found


def _cut(text: str) -> tuple[str, str, str]:
    """`text` before and after its first blank."""
    parts = text.split(maxsplit=1)
    return parts[0], " ", parts[1] if len(parts) > 1 else ""


def _skip_descriptors(text: str) -> str:
    """What follows the comma that ends a candidate; commas in brackets belong to it."""
    depth = 0
    for index, char in enumerate(text):
        depth += (char == "(") - (char == ")")
        if char == "," and depth == 0:
            return text[index + 1 :]
    return ""
