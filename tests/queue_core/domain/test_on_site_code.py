"""What only somebody in the house can know."""

from queue_core.domain.model import ZoneId
from queue_core.domain.on_site_code import CODE_LASTS_MS, DIGITS, OnSiteCodes

HALL, ANNEX = ZoneId("hall"), ZoneId("annex")
CODES = OnSiteCodes(b"secret")
NOW_MS = 1_000_000 * CODE_LASTS_MS + 1


def test_a_code_has_six_digits() -> None:
    codes = {CODES.code(HALL, n * CODE_LASTS_MS) for n in range(500)}
    assert all(len(code) == DIGITS and code.isdecimal() for code in codes)
    assert len(codes) > 490


def test_it_changes_with_time_zone_and_secret() -> None:
    others = (CODES.code(HALL, NOW_MS + CODE_LASTS_MS), CODES.code(ANNEX, NOW_MS), OnSiteCodes(b"x").code(HALL, NOW_MS))
    assert CODES.code(HALL, NOW_MS) not in others


def test_it_is_good_until_the_one_after_the_next() -> None:
    code = CODES.code(HALL, NOW_MS)
    good = [CODES.is_code(HALL, code, NOW_MS + n * CODE_LASTS_MS) for n in (-1, 0, 1, 2)]
    assert good == [False, True, True, False]


def test_as_people_type_it() -> None:
    code = CODES.code(HALL, NOW_MS)
    assert CODES.is_code(HALL, f" {code[:3]}-{code[3:]} ", NOW_MS)
    assert not CODES.is_code(HALL, "", NOW_MS)


def test_a_screen_knows_when_the_next_comes() -> None:
    assert CODES.until_ms(NOW_MS) == NOW_MS - 1 + CODE_LASTS_MS


def test_the_posters_word_is_the_zones_own() -> None:
    assert CODES.is_poster(HALL, CODES.poster(HALL))
    assert not CODES.is_poster(ANNEX, CODES.poster(HALL))
    assert not CODES.is_poster(HALL, "ü")
