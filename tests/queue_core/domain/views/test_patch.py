import itertools
import json
import random
from dataclasses import replace

import pytest

from queue_core.domain.views import states
from queue_core.domain.views.drawn import DrawnTickets
from queue_core.domain.views.patch import Json, diff, merge
from queue_core.domain.views.view import View
from tests.queue_core.domain.views.scenes import Morning
from tests.support.outlook import Minutes, Said
from tests.support.zones import NEW

SEEDS = range(6)
COMMANDS = 150


def seen(view: View, morning: Morning) -> Json:
    """As a client has it: through JSON, and nothing shared with what comes later."""
    first = next(iter(morning.model.state.tickets), None)
    state: Json = json.loads(json.dumps(states.state(view, morning.scene(), first)))
    return state


@pytest.mark.parametrize("seed", SEEDS)
def test_records_that_are_kept_from_state_to_state_make_the_same_patches(seed: int) -> None:
    morning, drawn = Morning(), DrawnTickets()
    state = states.state(View.DESK, replace(morning.scene(), drawn=drawn))
    for _ in morning.random_events(seed, COMMANDS):
        after = states.state(View.DESK, replace(morning.scene(), drawn=drawn))
        assert diff(state, after) == diff(json.loads(json.dumps(state)), after)
        state = after


@pytest.mark.parametrize("view", View)
@pytest.mark.parametrize("seed", SEEDS)
def test_a_state_and_the_patch_to_the_next_make_the_next(view: View, seed: int) -> None:
    morning = Morning()
    state = seen(view, morning)
    for n, _ in enumerate(morning.random_events(seed, COMMANDS)):
        morning.outlook = Said(services={NEW: Minutes(n % 7)}) if n % 3 else None
        after = seen(view, morning)
        state = merge(state, diff(state, after))
        assert state == after


@pytest.mark.parametrize("view", [View.PUBLIC, View.LOBBY, View.DESK])
@pytest.mark.parametrize("seed", SEEDS)
def test_a_run_of_patches_applied_again_from_its_middle_ends_in_the_same_state(view: View, seed: int) -> None:
    morning = Morning()
    known = [seen(view, morning)]
    known += [seen(view, morning) for _ in morning.random_events(seed, COMMANDS)]
    patches = [diff(before, after) for before, after in itertools.pairwise(known)]
    chance = random.Random(seed)
    for _ in range(30):
        start = chance.randrange(len(patches))
        state = known[chance.randrange(start, len(known))]
        for patch in patches[start:]:
            state = merge(state, patch)
        assert state == known[-1]


def test_nothing_changed_is_an_empty_patch() -> None:
    state = seen(View.DESK, Morning())
    assert diff(state, state) == {}


def test_a_patch_names_only_the_fields_that_changed() -> None:
    before = {"day": "a", "services": [{"id": "x", "waiting": 1, "name": "X"}, {"id": "y", "waiting": 0, "name": "Y"}]}
    after = {"day": "a", "services": [{"id": "x", "waiting": 2, "name": "X"}]}
    assert diff(before, after) == {"services": [{"id": "x", "waiting": 2}], "gone": {"services": ["y"]}}


def test_merging_leaves_the_old_state_alone() -> None:
    state = {"services": [{"id": "x", "waiting": 1}]}
    merge(state, {"services": [{"id": "x", "waiting": 2}]})
    assert state == {"services": [{"id": "x", "waiting": 1}]}
