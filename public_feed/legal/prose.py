"""An office's own plain text as headings, lists and paragraphs. Pure; HTML in it stays text."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby
from operator import itemgetter

_HEADING, _ITEM = "# ", "- "
_GAP = re.compile(r"\n\s*\n")


class BlockKind(StrEnum):
    HEADING = "heading"
    LIST = "list"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True, slots=True)
class Block:
    kind: BlockKind
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """`language` is that of the text, which may be another than the page's."""

    language: str
    blocks: tuple[Block, ...]


def prose(words: Mapping[str, str], language: str, fallback: str) -> Prose | None:
    """The text in this language, else in that of which it is a way of speaking, else in the fallback, else in any;
    None where there is none."""
    wanted = (language, language.partition("-")[0], fallback, *words)
    found = next((tag for tag in wanted if words.get(tag, "").strip()), None)
    return Prose(found, tuple(_blocks(words[found]))) if found else None


def _blocks(text: str) -> Iterator[Block]:
    for part in _GAP.split(text.strip()):
        for kind, lines in groupby(map(_line, part.splitlines()), itemgetter(0)):
            said = tuple(line for _, line in lines)
            if kind is BlockKind.HEADING:
                yield from (Block(kind, (line,)) for line in said)
            else:
                yield Block(kind, said)


def _line(line: str) -> tuple[BlockKind, str]:
    line = line.strip()
    if line.startswith(_HEADING):
        return BlockKind.HEADING, line.removeprefix(_HEADING)
    if line.startswith(_ITEM):
        return BlockKind.LIST, line.removeprefix(_ITEM)
    return BlockKind.PARAGRAPH, line
