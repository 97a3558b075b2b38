"""Markdown with YAML front matter, as static site generators keep it."""

from __future__ import annotations

import re
from typing import Any, Final

import nh3
import yaml
from markdown_it import MarkdownIt

from tessera.sources.formats.html import html_text
from tessera.sources.formats.text import clean

MAX_YAML: Final = 5_000_000
MAX_DEPTH: Final = 50

_FENCE: Final = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^(?:---|\.\.\.)[ \t]*$\r?\n?", re.S | re.M)
_TEMPLATE: Final = re.compile(
    r"\{\{.*?\}\}|\{!!.*?!!\}|\{%.*?%\}|\{:[^}\n]*\}|^[ \t]*@[a-z]+(?:[ \t]*\(.*?\))?[ \t]*$",
    re.S | re.M,
)


class FrontMatterError(ValueError):
    """YAML that can't be read; the message names the line."""


class _Loader(yaml.CSafeLoader):
    """Values stay as written (00123, 2021-02-31): only true, false and null are more than text."""


_Loader.yaml_implicit_resolvers = {
    letter: [(tag, rule) for tag, rule in rules if tag in
             ("tag:yaml.org,2002:bool", "tag:yaml.org,2002:null", "tag:yaml.org,2002:merge")]
    for letter, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
}  # fmt: skip


def load_yaml(text: str, limit: int = MAX_YAML) -> Any:
    """JSON values of YAML, scalars as text; raises FrontMatterError. limit: characters of it.

    Aliases are refused: with them a few lines can stand for gigabytes.
    """
    if len(text) > limit:
        raise FrontMatterError(f"is YAML of {len(text):,} characters, more than {limit:,}")
    try:
        depth = 0
        for event in yaml.parse(text, Loader=yaml.CSafeLoader):
            if isinstance(event, yaml.AliasEvent):
                line = f" in line {event.start_mark.line + 1}" if event.start_mark else ""
                raise FrontMatterError(f"has an alias (*{event.anchor}){line}; write the value out")
            depth += isinstance(event, yaml.CollectionStartEvent)
            depth -= isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise FrontMatterError(f"is nested more than {MAX_DEPTH} deep")
        return _plain(yaml.load(text, Loader=_Loader))  # noqa: S506 - a safe loader, with less in it  # nosec B506
    except yaml.MarkedYAMLError as error:
        line = f" in line {error.problem_mark.line + 1}" if error.problem_mark else ""
        raise FrontMatterError(f"is broken YAML{line}: {error.problem}") from None
    except (yaml.YAMLError, ValueError, TypeError) as error:
        if isinstance(error, FrontMatterError):
            raise
        raise FrontMatterError(f"is broken YAML: {' '.join(str(error).split())[:200]}") from None


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | bool) or value is None else str(value)


def split_front_matter(text: str) -> tuple[str | None, str]:
    """The YAML between the lines of dashes, None where there is none, and the rest."""
    found = _FENCE.match(text)
    return (found[1], text[found.end() :]) if found else (None, text)


def without_templates(text: str) -> str:
    """Text without what a site generator would fill in (Liquid, Blade, kramdown attributes)."""
    return _TEMPLATE.sub("", text)


def markdown_html(text: str) -> str:
    """HTML of Markdown, raw HTML within kept; not yet safe to show."""
    parser = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return str(parser.render(text))


def markdown_text(text: str) -> str:
    """Plain text of Markdown."""
    return clean(html_text(markdown_html(without_templates(text))).text())


def safe_html(text: str) -> str:
    """HTML of Markdown that may be shown: no scripts, styles, forms, frames or pictures."""
    return nh3.clean(
        markdown_html(without_templates(text)),
        tags=nh3.ALLOWED_TAGS - {"img", "map", "area"},
        link_rel="noopener noreferrer nofollow",
        url_schemes={"http", "https", "mailto"},
    )
