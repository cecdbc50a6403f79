"""What is wrong with a page's HTML: what a strict parser mends, and what the W3C's checker says beside that."""

import re
from collections import Counter
from collections.abc import Callable, Iterator
from xml.etree.ElementTree import Element

import html5lib  # type: ignore[import-untyped]

_INNERMOST = re.compile(r"<template\b[^>]*>((?:(?!<template\b).)*?)</template>", re.DOTALL)
#: Where a template's content may stand alone, by its first element.
_AROUND = {"tr": "tbody", "td": "tr", "th": "tr", "option": "select"}
_FIRST = re.compile(r"\s*<(\w+)")
_POINTERS = ("aria-labelledby", "aria-describedby", "aria-controls", "for", "list", "form")
#: What cannot have a name, unless it has a role.
_NAMELESS = frozenset({"p", "span", "div", "bdi", "b", "strong", "em", "small", "dt", "dd"})


def faults(page: str) -> list[str]:
    """Of a page and of each of its templates, which the parser does not know."""
    found: list[str] = []
    while inner := _INNERMOST.findall(page):
        page = _INNERMOST.sub("", page)
        for content in inner:
            found += _faults_of_template(content)
    document, mended = _parsed(page, "")
    return found + mended + list(_against(document)) + list(_identities(document))


def _faults_of_template(content: str) -> list[str]:
    first = _FIRST.match(content)
    fragment, mended = _parsed(content, _AROUND.get(first[1], "div") if first else "div")
    return mended + list(_against(fragment))


def _parsed(text: str, container: str) -> tuple[Element, list[str]]:
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False)
    root: Element = parser.parseFragment(text, container) if container else parser.parse(text)
    return root, [f"{place}: {code}" for place, code, _ in parser.errors]


def _against(root: Element) -> Iterator[str]:
    for element in root.iter():
        if isinstance(element.tag, str):
            yield from (f"{rule.__name__[1:]}: {_shown(element)}" for rule in _RULES if rule(element))


def _identities(document: Element) -> Iterator[str]:
    ids = Counter(element.get("id") for element in document.iter() if element.get("id"))
    yield from (f"id {id_} stands {n} times" for id_, n in ids.items() if n > 1)
    for element in document.iter():
        named = [(name, id_) for name in _POINTERS for id_ in (element.get(name) or "").split()]
        yield from (f"{name} leads to no id: {_shown(element)}" for name, id_ in named if id_ not in ids)


def _time_of_nothing(element: Element) -> bool:
    return element.tag == "time" and not element.get("datetime") and not "".join(element.itertext()).strip()


def _picture_of_nothing(element: Element) -> bool:
    return element.tag == "img" and not (element.get("src") or element.get("srcset"))


def _picture_without_words(element: Element) -> bool:
    return element.tag == "img" and element.get("alt") is None


def _link_to_nothing(element: Element) -> bool:
    return (
        element.tag == "a" and element.get("href") is None and bool({"target", "rel", "download"} & {*element.keys()})
    )


def _hidden_drawing(element: Element) -> bool:
    """`hidden` is of HTML's elements alone."""
    return element.tag.endswith("svg") and element.get("hidden") is not None


def _required_choice_without_an_empty_one(element: Element) -> bool:
    if element.tag != "select" or element.get("required") is None or element.get("multiple") is not None:
        return False
    first = next(iter(element), None)
    return first is None or first.tag != "option" or first.get("value", (first.text or "").strip()) != ""


def _name_on_what_has_none(element: Element) -> bool:
    named = element.get("aria-label") is not None or element.get("aria-labelledby") is not None
    return element.tag in _NAMELESS and element.get("role") is None and named


def _button_in_a_link(element: Element) -> bool:
    return element.tag in {"a", "button"} and any(
        e.tag in {"a", "button", "input", "select"} for e in [*element.iter()][1:]
    )


_RULES: tuple[Callable[[Element], bool], ...] = (
    _time_of_nothing,
    _picture_of_nothing,
    _picture_without_words,
    _link_to_nothing,
    _hidden_drawing,
    _required_choice_without_an_empty_one,
    _name_on_what_has_none,
    _button_in_a_link,
)


def _shown(element: Element) -> str:
    attributes = "".join(f' {name}="{value}"' for name, value in element.items())
    return f"<{element.tag}{attributes}>"[:160]
