"""Every key that Wartezone uses. A zone's keys share the hash tag `{zone}`, so that a zone lives in one slot."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass

from queue_core.domain.model import CounterId, ServiceId, ZoneId
from queue_core.domain.policy import pin_queue

#: The keys that every move declares, in this order; Lua knows them by these names.
FIXED = ("log", "tickets", "later", "state", "held", "answers", "bookings", "config", "calls", "slots", "holds")

#: The one field of every entry of a stream: an event, or a forecast, as JSON.
FIELD = "e"

TOKENS = "wz:tokens"
STAFF = "wz:staff"
INVITATIONS = "wz:invitations"
SCHEMA = "wz:schema"
READINESS = "wz:readiness"
ADDRESS = "wz:address"
ERASING = "wz:erasing"
AUDIT = "wz:audit"
#: Hash: zone -> a random word, another one whenever what is known of the zone's ended days has changed.
JUDGED = "wz:judged"
#: Hash: device -> what it last said of itself, as JSON.
ATTENDANCE = "wz:attendance"
#: Set: devices that serve nobody until staff say otherwise.
OUT_OF_SERVICE = "wz:out-of-service"
#: Hash: what it is about -> an open alarm, as JSON.
ALARMS = "wz:alarms"
#: Hash: key of a case -> how it stands, as JSON. Neither number nor PIN is anywhere, only keyed hashes of both.
CASES = "wz:cases"
#: Hash: key of a case -> keyed hash of its PIN.
CASE_PINS = "wz:case-pins"
#: Hash: key of a case, or a place that unknown ones share -> tries with a wrong PIN; and the same of addresses.
CASE_TRIES, CASE_ADDRESS_TRIES = "wz:case-tries", "wz:case-address-tries"
#: Hash: key of a case -> the phones that are told of it, as JSON.
CASE_PHONES = "wz:case-phones"
#: Hash: id -> what is on its way to the phone of a case, as JSON.
CASE_LETTERS = "wz:case-letters"
#: There while files of cases lie in the drop folder that could not be taken over: since when.
CASE_FILES_FAILED = "wz:case-files-failed"
#: Hash: kind, stage, the day on which a case left it and how many days it had been there -> how many cases.
CASE_STAYS = "wz:case-stays"
#: Proof of the secret by which cases are sealed.
CASES_SEAL = "wz:cases-seal"
#: Counts the changes of all three.
CASES_REVISION = "wz:cases-revision"
#: Counts how often cases were erased; and up to which time the store's log on disk has forgotten them.
CASES_ERASING, CASES_FORGOTTEN = "wz:cases-erasing", "wz:cases-forgotten"
#: Hash: id -> news of an alarm that the webhook has not taken yet, as JSON.
OUTBOX = "wz:outbox"
#: Set: zones whose tickets phones were ever told of.
PUSH_ZONES = "wz:push-zones"
#: Hash: id -> what is on its way to a phone, as JSON.
PUSH_LETTERS = "wz:push-letters"
#: Hash: zone and appointment -> who is to be written to about it, as JSON; the address is sealed.
MAIL = "wz:mail"
#: Hash: zone and appointment -> whether the office's reminder address was told of it, as JSON.
REMINDERS = "wz:reminders"


def new_revision() -> str:
    """A random word that says: this is another one."""
    return secrets.token_hex(6)


def session(digest: str) -> str:
    return f"wz:session:{digest}"


def tries(subject: str) -> str:
    """Counter of failed logins of an account or an address, for a while."""
    return f"wz:tries:{subject}"


def case_view(digest: str) -> str:
    """What a visitor who typed number and PIN may look at for a while, as JSON."""
    return f"wz:case-view:{digest}"


def mail_claim(letter: str) -> str:
    """There while somebody sends the letter."""
    return f"wz:mail-claim:{letter}"


def reminder_claim(letter: str) -> str:
    """There while somebody tells the reminder address of it."""
    return f"wz:reminder-claim:{letter}"


def mail_count(fingerprint: str) -> str:
    """Counts the appointments that have named an address, or the addresses of an appointment, for a while."""
    return f"wz:mail-count:{fingerprint}"


def orders(device: str) -> str:
    """Hash: id -> an order that waits for the device, as JSON."""
    return f"wz:orders:{device}"


def orders_given(device: str) -> str:
    """Hash: id -> an order of the last minutes and what became of it, as JSON."""
    return f"wz:orders-given:{device}"


def sent_away(device: str) -> str:
    """There for a moment after the device was revoked."""
    return f"wz:sent-away:{device}"


def pairings(device: str) -> str:
    """Hash: fingerprint of a code -> the waiting browser's secret, as a fingerprint, in JSON; and the tries."""
    return f"wz:pairings:{device}"


#: Matches the `state` of every zone.
EVERY_STATE = "{*}:state"


def zone_of(key: str) -> ZoneId:
    return ZoneId(key[1 : key.index("}")])


@dataclass(frozen=True, slots=True)
class ZoneKeys:
    zone: ZoneId

    def _key(self, name: str) -> str:
        return f"{{{self.zone}}}:{name}"

    @property
    def fixed(self) -> list[str]:
        return [self._key(name) for name in FIXED]

    @property
    def log(self) -> str:
        return self._key("log")

    @property
    def tickets(self) -> str:
        return self._key("tickets")

    @property
    def bookings(self) -> str:
        return self._key("bookings")

    @property
    def answers(self) -> str:
        return self._key("answers")

    @property
    def estimates(self) -> str:
        return self._key("estimates")

    @property
    def laws(self) -> str:
        return self._key("laws")

    @property
    def laws_revision(self) -> str:
        """A random word, another one each time the laws are exchanged."""
        return self._key("laws:revision")

    @property
    def laws_aside(self) -> str:
        """Laws that could not be read."""
        return self._key("laws:aside")

    @property
    def lease(self) -> str:
        return self._key("lease")

    @property
    def archive(self) -> str:
        """Hash: business day -> de-identified archive of that day, compressed."""
        return self._key("archive")

    @property
    def quality(self) -> str:
        """Hash: business day -> how true its forecasts were, as JSON."""
        return self._key("quality")

    @property
    def waits(self) -> str:
        """Hash: business day -> how long people waited at which time of it, packed; the rhythm is made of them."""
        return self._key("waits")

    @property
    def rhythm(self) -> str:
        return self._key("rhythm")

    @property
    def push(self) -> str:
        """Hash: ticket and phone -> where the phone is told, as JSON; gone with the day."""
        return self._key("push")

    @property
    def push_told(self) -> str:
        """Hash: what was told already; gone with the day."""
        return self._key("push-told")

    @property
    def survey(self) -> str:
        """Hash: week, service, question, answer -> how many said so."""
        return self._key("survey")

    def answered(self, day: str) -> str:
        """Set: tickets whose visitors have answered the survey that day; gone with it."""
        return self._key(f"survey-answered:{day}")

    def log_of(self, day: str) -> str:
        return self._key(f"log:{day}")

    def tickets_of(self, day: str) -> str:
        return self._key(f"tickets:{day}")

    @property
    def days(self) -> str:
        """Pattern of the logs of ended days."""
        return self._key("log:*")

    def wait(self, queue: str) -> str:
        return self._key(f"wait:{queue}")

    def seat(self, counter: CounterId) -> str:
        """The page that sits at the counter, as JSON, for as long as it says so."""
        return self._key(f"seat:{counter}")


def queues(services: Iterable[ServiceId], counters: Iterable[CounterId]) -> list[str]:
    """Names of all waiting sets: one a service, one a counter for the tickets pinned to it."""
    return [*services, *(pin_queue(counter) for counter in counters)]
