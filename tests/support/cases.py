"""An office's stages, and cases in them."""

from queue_core.domain.cases import DAY_MS, CaseRules, Stage


def _stage(id_: str, *, ends: bool = False) -> tuple[str, Stage]:
    return id_, Stage(
        id_, {"de": f"Stufe {id_}", "en": f"stage {id_}"}, {"de": f"Dann {id_}", "en": f"then {id_}"}, ends
    )


RULES = CaseRules(
    dict(
        [
            _stage("received"),
            _stage("checking"),
            _stage("deciding"),
            _stage("decided", ends=True),
            _stage("withdrawn", ends=True),
        ]
    ),
    {"first": {"de": "Erstantrag", "en": "First application"}, "renewal": {"de": "Weiterbewilligung", "en": "Renewal"}},
    {"send": {"de": "Bitte senden Sie es", "en": "Please send it"}},
    {"lease": {"de": "Mietvertrag", "en": "Lease"}, "payslip": {"de": "Lohnabrechnung", "en": "Payslip"}},
    kept_days=90,
    silent_days=400,
)
NUMBER, PIN = "12345BG0067890", "40317"
MONDAY_MS = 1_795_420_800_000
__all__ = ["DAY_MS", "MONDAY_MS", "NUMBER", "PIN", "RULES"]
