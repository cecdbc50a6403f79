"""Whether the printer at an address answers questions in turn, by all that it has shown. Pure."""

from dataclasses import dataclass


@dataclass(slots=True)
class Turns:
    """One that has answered in turn and no longer does may be busy, or hang: it is given nothing. Only where the last
    word in turn was an answer, nobody at all was there for `gone_s`, and whoever came then has been silent in turn for
    `gone_s`, it is another printer, and is met as a new one."""

    gone_s: float
    known: bool = False
    is_sound: bool = False
    _may_be_another: bool = False
    _away_since_s: float | None = None
    _silent_since_s: float | None = None

    @property
    def may_answer_late(self) -> bool:
        """It was asked and has not answered: some printers tell whoever asks next."""
        return self.known and not self.is_sound

    def answered(self) -> None:
        self._forget()
        self.known = self.is_sound = True

    def owes(self) -> None:
        """Something was sent: until it answers in turn it may have that to print."""
        self.is_sound = self._may_be_another = False

    def away(self, now_s: float) -> None:
        """Nobody answers anything."""
        self._silent_since_s = None
        self._away_since_s = now_s if self._away_since_s is None else self._away_since_s
        self._may_be_another |= self.is_sound and now_s - self._away_since_s >= self.gone_s

    def there(self) -> None:
        """It answers at once; in turn it was not asked, or has not answered yet."""
        self._away_since_s = None

    def silent(self, now_s: float) -> None:
        """It was well and did not answer in turn."""
        if not self._may_be_another:
            self.is_sound = False
            return
        self._silent_since_s = now_s if self._silent_since_s is None else self._silent_since_s
        if now_s - self._silent_since_s >= self.gone_s:
            self._forget()

    def _forget(self) -> None:
        self.known = self.is_sound = self._may_be_another = False
        self._away_since_s = self._silent_since_s = None
