"""500 draws from home by one address, and what they do to a kiosk: python -m benchmarks.remote

A whole office in processes of its own, on the loopback, server and store on the first core, every write on disk. On the
second core a kiosk draws one number after another, alone, and while a process beside it asks 500 times from another
address by ten connections, as fast as it is answered: for a number, or for the page where numbers are drawn; in turn.
The first draws of a flood are real numbers, all others are told to wait.
"""

import http.client
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import count

from benchmarks.flood import Flood, flood_process
from benchmarks.rows import Row, compared, share, table
from benchmarks.stream import cores
from tests.support.office_files import office_file
from tests.support.office_process import LOOPBACK, OfficeProcess, office_process

ROUNDS, DRAWS, WARM = 11, 60, 60
#: Between two draws of the kiosk: they come at any moment of the flood.
PAUSE_S = 0.005
ZONE = "hall"
REMOTE = "\n[remote]\nof_address = 10\n"
#: Nobody is called, and every draw keeps its number.
FEW_NUMBERS, MANY_NUMBERS = 'prefix = "A"', 'prefix = "A"\nlast = 9999\ndigits = 4'
P99_MOST = 1.5
NO_LIMIT = "0"
ANSWER_WITHIN_S = 30.0
FLOODS = {"draw": "500 draws from home", "page": "500 pages from home"}

Times = list[float]


class Kiosk:
    def __init__(self, port: int, token: str) -> None:
        self._line = http.client.HTTPConnection(LOOPBACK, port, timeout=ANSWER_WITHIN_S)
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
        self._keys = (f"kiosk-{n}" for n in count())

    def draws(self, goes_on: Callable[[int], bool]) -> Iterator[float]:
        """How long each took, in ms, as long as `goes_on` for how many there were."""
        for drawn in count():
            if not goes_on(drawn):
                return
            time.sleep(PAUSE_S)
            begun = time.perf_counter()
            headers = {**self._headers, "Idempotency-Key": next(self._keys)}
            self._line.request("POST", f"/api/v1/zones/{ZONE}/tickets", json.dumps({"service": "new"}), headers)
            answer = self._line.getresponse()
            answer.read()
            assert answer.status == http.client.CREATED, answer.status
            yield 1000 * (time.perf_counter() - begun)


def run(kiosk: Kiosk, flood: Flood) -> tuple[Sequence[Row], Counter[int]]:
    answers: Counter[int] = Counter()
    calm: list[Times] = []
    flooded: dict[str, list[Times]] = {what: [] for what in FLOODS}
    list(kiosk.draws(lambda drawn: drawn < WARM))
    for _ in range(ROUNDS):
        calm.append(list(kiosk.draws(lambda drawn: drawn < DRAWS)))
        for what, took_ms in flooded.items():
            flood.begin(what)
            took_ms.append(list(kiosk.draws(lambda _: flood.is_under_way)))
            answers += flood.answers()
    return [row for what in FLOODS for row in _rows(FLOODS[what], flooded[what], calm)], answers


def _rows(flood: str, flooded: list[Times], calm: list[Times]) -> Iterator[Row]:
    for part, most in ((0.5, None), (0.99, P99_MOST)):
        ours, theirs = ([share(took_ms, part) for took_ms in rounds] for rounds in (flooded, calm))
        yield compared(f"a kiosk's draw during {flood}, p{part * 100:.0f}", "ms", ours, "alone", theirs, most=most)


def measured(office: OfficeProcess) -> tuple[Sequence[Row], Counter[int]]:
    with cores.on_core(cores.SERVER_CORE):
        office.start()
    token = office.token("device", ZONE)
    with cores.on_core(cores.CLIENT_CORE), flood_process(office.port, ZONE) as flood:
        return run(Kiosk(office.port, token), flood)


def main() -> None:
    with office_process(draws_per_minute=NO_LIMIT, draws_per_minute_of_address=NO_LIMIT) as office:
        file = office_file(office.home)
        file.write_text(file.read_text().replace(FEW_NUMBERS, MANY_NUMBERS) + REMOTE)
        office.settings = {**office.settings, "config": str(file)}
        rows, answers = measured(office)
    print(table(rows))
    print(f"\nanswers to the floods: {dict(sorted(answers.items()))}")


if __name__ == "__main__":
    main()
