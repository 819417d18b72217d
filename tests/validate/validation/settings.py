"""What the checks must know of a site's `site.toml`."""

import tomllib
from dataclasses import dataclass
from pathlib import Path

# The defaults of newsgen (docs/site-toml.md).
_BASE_URL = "http://localhost:8000/"
_EMBED_HOSTS = ["www.youtube.com", "www.youtube-nocookie.com", "player.vimeo.com"]


@dataclass(frozen=True)
class Settings:
    """The base URL, the hosts that stories may embed frames from, and whether stories name their original as canonical."""

    base_url: str = _BASE_URL
    embed_hosts: frozenset[str] = frozenset(_EMBED_HOSTS)
    canonical_original: bool = False
    # Folders of the editions, the default one first: "", "de/".
    editions: tuple[str, ...] = ("",)


def read(path: Path | None) -> Settings:
    """Read the `site.toml` at `path`; the defaults when there is none."""
    if path is None:
        return Settings()
    config = tomllib.loads(path.read_text("utf-8"))
    hosts = config.get("content", {}).get("embed_hosts", _EMBED_HOSTS)
    original = config.get("canonical") == "original"
    languages = config.get("languages", {}).items()
    folders = (language.get("path", f"/{tag.lower()}/").strip("/") + "/" for tag, language in languages)
    return Settings(config.get("base_url", _BASE_URL), frozenset(hosts), original, ("", *folders))
