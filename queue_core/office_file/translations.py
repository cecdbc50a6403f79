"""The office's own texts in further languages: `languages/<language>.toml` beside its files.

Each holds one flat table: the text in the office's first language = the text in this one. Whoever adds a language
adds one file, and the zones' files stay readable.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from queue_core.office_file.fault import Fault
from queue_core.spelling import nearest

FOLDER = "languages"


@dataclass(frozen=True, slots=True)
class Translations:
    """`by_language` -> text in the first language -> text. What was asked for is noted, so that leftovers are seen."""

    by_language: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    first: str = ""
    _asked: set[str] = field(default_factory=set)

    def completed(self, words: Mapping[str, str], languages: Iterable[str]) -> dict[str, str]:
        """`words` with what the files have for these languages; what stands in `words` itself goes first."""
        source = words.get(self.first, "")
        self._asked.add(source)
        known = {tag: self.by_language.get(tag, {}).get(source, "") for tag in languages}
        return {**{tag: text for tag, text in known.items() if text}, **words}

    def leftovers(self, folder: Path) -> Iterator[Fault]:
        """Texts that no file of the office has: probably changed there, or mistyped here."""
        for tag, texts in self.by_language.items():
            for text in texts:
                if text not in self._asked:
                    name = str(folder / FOLDER / f"{tag}.toml")
                    yield Fault(
                        name, 1, None, (text,), f"no text of the office is {text!r}", nearest(text, self._asked)
                    )


NO_TRANSLATIONS = Translations()


def read_translations(folder: Path, languages: tuple[str, ...], faults: list[Fault]) -> Translations:
    """Of the site's languages; what cannot be read goes into `faults`."""
    found = {}
    for file in sorted((folder / FOLDER).glob("*.toml")):
        if file.stem not in languages:
            message = f"{file.stem!r} is none of the site's languages"
            faults.append(Fault(str(file), 1, None, (), message, nearest(file.stem, languages)))
        elif (texts := _read(file, faults)) is not None:
            found[file.stem] = texts
    return Translations(found, languages[0] if languages else "")


def _read(file: Path, faults: list[Fault]) -> dict[str, str] | None:
    try:
        texts = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        faults.append(Fault(str(file), 1, None, (), f"cannot be read: {error}"))
        return None
    wrong = [name for name, text in texts.items() if not isinstance(text, str)]
    faults += [Fault(str(file), 1, None, (name,), f"{name!r} = must be a text in quotes") for name in wrong]
    return None if wrong else texts
