from queue_core.spelling import did_you_mean, nearest


def test_the_nearest_word_is_found_in_any_case() -> None:
    assert nearest("MINUTS", ["minutes", "quota"]) == "minutes"


def test_a_word_that_resembles_none_has_no_suggestion() -> None:
    assert nearest("zebra", ["minutes", "quota"]) is None


def test_a_suggestion_is_put_as_a_question() -> None:
    assert did_you_mean("minutes") == " (did you mean minutes?)"
    assert did_you_mean(None) == ""
