"""What a kiosk's page will say aloud, whoever comes: its sentences and choices in every language, as listening.js says
them. Read from the page itself; what only the moment knows (a wait, a time of day) is not among them."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote

#: Said as wholes: listening.js has the same list.
_READ = frozenset({"h1", "h2", "p", "li", "dt", "dd", "label"})
_SILENT_CLASSES = frozenset({"kiosk-head", "kiosk-legend"})
_VOID = frozenset({"br", "img", "input", "progress", "path", "meta", "link", "hr"})
#: Empty while nobody knows a wait.
_OF_THE_MOMENT = frozenset({"wait", "ahead", "closing", "place", "pages"})
_DIGITS = 9
#: Longer ones are said in pieces.
_TEXT_MOST = 280
_REFUSALS = ("refused-", "came-away-")
_APART = frozenset({"button", "template"})
_UNESCAPED = "!*'()"

Attributes = dict[str, str]


@dataclass(slots=True)
class _Element:
    tag: str
    attributes: Attributes
    parts: "list[_Element | str]" = field(default_factory=list)

    def inside(self) -> Iterator["_Element"]:
        for part in self.parts:
            if isinstance(part, _Element):
                yield part
                yield from part.inside()

    @property
    def is_silent(self) -> bool:
        return (
            self.attributes.get("aria-hidden") == "true"
            or "data-countdown" in self.attributes
            or bool(_SILENT_CLASSES & set(self.attributes.get("class", "").split()))
        )

    def spoken(self) -> str:
        """Parts that stand apart are said apart."""
        return ", ".join(filter(None, (p.strip() if isinstance(p, str) else p._part() for p in self.parts)))

    def _part(self) -> str:
        is_left_out = self.is_silent or self.attributes.get("data-field") in _OF_THE_MOMENT
        return "" if is_left_out or "hidden" in self.attributes else self.spoken()


class _Tree(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.root = _Element("", {})
        self._open = [self.root]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = _Element(tag, {name: value or "" for name, value in attrs})
        self._open[-1].parts.append(element)
        if tag not in _VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        for depth in range(len(self._open) - 1, 0, -1):
            if self._open[depth].tag == tag:
                del self._open[depth:]
                return

    def handle_data(self, data: str) -> None:
        self._open[-1].parts.append(data)


def addresses(page: str, numbers: Sequence[str]) -> list[str]:
    """Where each sentence is asked for, as the page asks; `numbers` are the ones that may be given out. Nothing for a
    kiosk that does not speak."""
    tree = _Tree()
    tree.feed(page)
    elements = list(tree.root.inside())
    if not any("data-speaks" in element.attributes for element in elements):
        return []
    screens = [element for element in elements if "data-language" in element.attributes]
    said = [(screen, text) for screen in screens for text in _texts(screen)]
    said += [(screen, " ".join(number)) for number in numbers for screen in screens]
    found = (_address(screen.attributes["data-language"], text) for screen, text in said if _can_be_said(text))
    return list(dict.fromkeys(found))


def _can_be_said(text: str) -> bool:
    return len(text) <= _TEXT_MOST and "{" not in text and any(letter.isalnum() for letter in text)


def _address(language: str, text: str) -> str:
    """As `encodeURIComponent` writes it."""
    return f"/speech/{language}.wav?text={quote(' '.join(text.split()), safe=_UNESCAPED)}"


def _texts(screen: _Element) -> Iterator[str]:
    yield from (element.spoken() for element in _read(screen))
    phrases = {e.attributes["data-phrase"]: e.spoken() for e in screen.inside() if "data-phrase" in e.attributes}
    yield from (text for name, text in phrases.items() if name.startswith(_REFUSALS))
    buttons = [element for element in screen.inside() if element.tag == "button"]
    digits = _digits(buttons)
    for at, button in enumerate(buttons):
        text = button.attributes.get("aria-label") or button.spoken()
        for key in digits.get(at, [button.attributes.get("data-key", "")]):
            yield phrases["choice"].format(key=key, text=text) if key else text


def _digits(buttons: Sequence[_Element]) -> dict[int, list[str]]:
    """Of each choice by its place: without a key, and the digits that a keypad finds it under in its lists."""
    found: dict[int, list[str]] = {}
    counted: Counter[str] = Counter()
    for at, button in enumerate(buttons):
        if not {"data-service", "data-topic"} & button.attributes.keys():
            continue
        found[at] = [""]
        for topic in button.attributes.get("data-in", "").split() or [""]:
            counted[topic] += 1
            if counted[topic] <= _DIGITS:
                found[at].append(str(counted[topic]))
    return found


def _read(element: _Element) -> Iterator[_Element]:
    """In the order of the page; what stands in a button is the button's."""
    for part in element.parts:
        if isinstance(part, str) or part.is_silent or part.tag in _APART:
            continue
        if part.tag in _READ:
            yield part
        yield from _read(part)
