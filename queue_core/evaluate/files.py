"""An evaluation as files: figures for programs, tables for pages, the picture."""

import json
from pathlib import Path

from queue_core.evaluate.evaluation import Evaluation
from queue_core.evaluate.plot import calibration
from queue_core.evaluate.report import markdown

FIGURES, PAGE, PICTURE = "evaluation.json", "evaluation.md", "calibration.svg"


def write(found: Evaluation, folder: Path) -> list[Path]:
    """Overwrites what an earlier run left in the folder, which is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    texts = {FIGURES: figures(found), PAGE: markdown(found), PICTURE: calibration(found)}
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return [folder / name for name in texts]


def figures(found: Evaluation) -> str:
    return json.dumps(found.to_json(), indent=1, ensure_ascii=False) + "\n"
