"""Finds the URLs that a style sheet loads."""

import tinycss2


def urls(css: str) -> list[str]:
    """Every URL in `css` that a browser would fetch, in order."""
    return list(_urls(tinycss2.parse_component_value_list(css, skip_comments=True)))


def _urls(tokens, strings_too: bool = False):
    """Walk `tokens`; with `strings_too`, a bare string is a URL (in image-set)."""
    at_rule = ""
    for token in tokens:
        if token.type == "at-keyword":
            at_rule = token.lower_value
        elif token.type == "url":
            if at_rule != "namespace":
                yield token.value
        elif token.type == "string" and (strings_too or at_rule == "import"):
            yield token.value
        elif token.type == "function":
            name = token.lower_name
            if name in ("url", "src"):
                yield from (arg.value for arg in token.arguments if arg.type == "string")
            elif name != "format" and name != "type":
                yield from _urls(token.arguments, name.endswith("image-set"))
        elif token.type.endswith("block"):
            yield from _urls(token.content)
            at_rule = ""
        elif token == ";":
            at_rule = ""
