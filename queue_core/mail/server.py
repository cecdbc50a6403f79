"""The office's mail server: one connection for all letters of a run."""

import logging
import ssl
from dataclasses import dataclass
from email.message import EmailMessage

from aiosmtplib import SMTP, SMTPException, SMTPRecipientsRefused, SMTPResponseException

from queue_core.mail.letter import Envelope
from queue_core.settings import Settings

log = logging.getLogger(__name__)

_FOR_GOOD = range(500, 600)


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a letter was not taken, without a word of whom it was for; `is_final`: it never will be."""

    words: str
    is_final: bool = False


class MailServer:
    """Who did not answer once is not asked again: the other letters of the run need not wait for it."""

    def __init__(self, settings: Settings, within_s: float) -> None:
        password = settings.smtp_password
        self._away: Fault | None = None
        trust = None
        try:
            trust = _trust(settings)
        except OSError as e:
            self._away = _unusable(f"{settings.smtp_ca}: {e.strerror or e}")
        self._smtp = SMTP(
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            tls_context=trust,
            use_tls=settings.smtp_security == "tls",
            start_tls=settings.smtp_security == "starttls",
            username=settings.smtp_user,
            password=password.get_secret_value() if password else None,
            timeout=within_s,
        )

    async def send(self, message: EmailMessage, envelope: Envelope) -> Fault | None:
        if self._away:
            return self._away
        if not self._smtp.is_connected:
            self._away = await self._connect()
            if self._away:
                return self._away
        try:
            await self._smtp.send_message(message, sender=envelope.sender, recipients=[envelope.recipient])
        except SMTPRecipientsRefused as e:
            codes = [refused.code for refused in e.recipients]
            return Fault(f"recipient refused {codes}", all(code in _FOR_GOOD for code in codes))
        except SMTPResponseException as e:
            return Fault(f"{type(e).__name__} {e.code}")
        except (SMTPException, OSError) as e:
            self._away = Fault(type(e).__name__)
            self._smtp.close()
            return self._away
        return None

    async def _connect(self) -> Fault | None:
        """Nobody has been named to it by then: what it says can be told."""
        try:
            await self._smtp.connect()
        except (SMTPException, OSError) as e:
            self._smtp.close()
            return _unusable(_words(e))
        return None

    async def close(self) -> None:
        try:
            if self._smtp.is_connected:
                await self._smtp.quit()
        except (SMTPException, OSError):
            self._smtp.close()


def _trust(settings: Settings) -> ssl.SSLContext | None:
    """Raises `OSError` for a file of certificates that cannot be read."""
    if settings.smtp_security == "none":
        return None
    context = ssl.create_default_context()
    if settings.smtp_ca:
        context.load_verify_locations(settings.smtp_ca)
    return context


def _unusable(words: str) -> Fault:
    log.error("the mail server cannot be used: %s", words)
    return Fault(words)


def _words(error: BaseException) -> str:
    """The reason below the library's own, where there is one."""
    at: BaseException | None = error
    while at is not None:
        if isinstance(at, ssl.SSLCertVerificationError):
            return f"its certificate is not accepted: {at.verify_message}"
        at = at.__cause__ or at.__context__
    return f"{type(error).__name__}: {error}"
