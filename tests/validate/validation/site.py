"""The output folder: its files, and the URLs that they have under the base URL."""

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

# What RFC 3986 lets stand in a path as it is.
_PATH_CHARS = "/~!$&'()*+,;=:@"


@dataclass(frozen=True)
class Target:
    """Where a URL leads: to a `file` of the site, elsewhere (`scheme` says how), or nowhere (`problem`)."""

    file: str = ""
    fragment: str = ""
    scheme: str = ""
    problem: str = ""


class Site:
    """A folder of finished files and the URL at which it will be served."""

    def __init__(self, root: Path, base_url: str, editions: tuple[str, ...] = ("",)) -> None:
        self.root = Path(root)
        self.editions = editions
        self.base = base_url.rstrip("/")
        parts = urlsplit(self.base)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError(f"the base URL must be an absolute http(s) URL: {base_url!r}")
        self.origin = (parts.scheme, parts.netloc.lower())
        self.base_path = parts.path
        self.files = frozenset(_walk(self.root))
        self._known: dict[str, Target] = {}

    def named(self, *names: str) -> list[str]:
        """All files with one of these names, in any folder, sorted."""
        return sorted(file for file in self.files if file.rpartition("/")[2] in names)

    def ending(self, suffix: str) -> list[str]:
        """All files whose name ends in `suffix`, sorted."""
        return sorted(file for file in self.files if file.endswith(suffix))

    def edition(self, file: str) -> str:
        """The folder of the edition that `file` is in; empty for the default one."""
        return max((folder for folder in self.editions if file.startswith(folder)), key=len)

    def read(self, file: str) -> bytes:
        """The bytes of `file`."""
        return (self.root / file).read_bytes()

    def url(self, file: str) -> str:
        """The full URL of `file`; a folder's index.html has that of the folder."""
        path = file[: -len("index.html")] if ("/" + file).endswith("/index.html") else file
        return self.base + "/" + quote(path, safe=_PATH_CHARS)

    def owns(self, url: str) -> bool:
        """Whether `url` is an absolute URL under the base URL."""
        return url == self.base or url.startswith((self.base + "/", self.base + "?", self.base + "#"))

    def locate(self, url: str, page_url: str) -> Target:
        """Follow `url` as it stands on the page at `page_url`."""
        url = url.strip()
        # Paths and full URLs mean the same everywhere: keep those, they repeat on every page.
        if url.startswith("/") or "://" in url[:9]:
            if url not in self._known:
                self._known[url] = self._follow(url, self.base + "/")
            return self._known[url]
        return self._follow(url, page_url)

    def _follow(self, url: str, page_url: str) -> Target:
        if any(char in url for char in ' \t\n\r<>"'):
            return Target(problem="a URL with blanks, quotes or angle brackets")
        try:
            parts = urlsplit(urljoin(page_url, url))
        except ValueError as error:
            return Target(problem=f"not a URL ({error})")
        if parts.scheme not in ("http", "https"):
            return Target(scheme=parts.scheme)
        if not parts.netloc:
            return Target(problem="a URL without a host")
        if (parts.scheme, parts.netloc.lower()) != self.origin:
            return Target(scheme=parts.scheme)
        if parts.path != self.base_path and not parts.path.startswith(self.base_path + "/"):
            # Another site on the same host may be linked in full; a bare path is a slip.
            if url.lower().startswith(("http:", "https:")):
                return Target(scheme=parts.scheme)
            return Target(problem=f"the path is not under {self.base_path}/")
        return self._file(unquote(parts.path[len(self.base_path) :]), unquote(parts.fragment))

    def _file(self, path: str, fragment: str) -> Target:
        if "//" in path:
            return Target(problem="two slashes in the path")
        name = path.removeprefix("/")
        if name == "" or name.endswith("/"):
            name += "index.html"
        if name in self.files:
            return Target(file=name, fragment=fragment)
        if f"{name}/index.html" in self.files:
            return Target(problem="leads to a folder, but the slash at its end is missing")
        return Target(problem=f"there is no file {name}")


def _walk(root: Path):
    """All regular files under `root`, as paths relative to it with forward slashes."""
    for folder, _, names in os.walk(root):
        for name in names:
            yield (Path(folder) / name).relative_to(root).as_posix()
