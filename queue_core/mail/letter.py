"""A letter: plain text and plain HTML that say the same, in the language in which the appointment was booked."""

from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP
from html import escape

from babel.dates import format_date

from queue_core.domain.booking_code import grouped
from queue_core.domain.calendar import local_time
from queue_core.mail.calendar import PACKAGE, Entry, appointment_file, place, title, uid
from queue_core.mail.due import Kind
from queue_core.web.clock import clock
from queue_core.web.words import direction, locale_of, translations


@dataclass(frozen=True, slots=True)
class Envelope:
    sender: str
    recipient: str


def letter_id(entry: Entry, kind: Kind) -> str:
    """The same for the same letter, however often it is sent."""
    return f"{uid(entry.zone.id, entry.booking).partition('@')[0]}.{entry.sequence}.{kind}"


def letter(entry: Entry, kind: Kind, envelope: Envelope, now_ms: int) -> EmailMessage:
    """Raises `ValueError` for an address that would break a header."""
    message = EmailMessage(SMTP)
    first, *more = _sentences(entry, kind)
    message["From"], message["To"], message["Subject"] = envelope.sender, envelope.recipient, first
    message["Date"] = local_time(entry.zone, now_ms)
    message["Message-ID"] = f"<{letter_id(entry, kind)}@{envelope.sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content("\n\n".join([first, *more]) + "\n")
    message.add_alternative(_html(entry, first, more), subtype="html")
    if kind is not Kind.REMINDER:
        message.add_attachment(
            appointment_file(entry, now_ms),
            maintype="text",
            subtype="calendar",
            params={"method": entry.method, "charset": "utf-8"},
            filename="appointment.ics",
        )
    # Last of all: whoever sets the content drops the headers about it.
    message["Content-Language"] = locale_of(entry.language).language
    return message


def _sentences(entry: Entry, kind: Kind) -> list[str]:
    """The first is the subject: it names no service, because others see subjects too."""
    gettext, at = translations(PACKAGE, entry.language).gettext, local_time(entry.zone, entry.booking.slot_ms)
    moment = f"{format_date(at, 'full', locale=locale_of(entry.language))}, {clock(at)}"
    subject = {
        Kind.BOOKED: gettext("Your appointment: {moment}"),
        Kind.MOVED: gettext("Your appointment has a new time: {moment}"),
        Kind.REMINDER: gettext("Please remember your appointment: {moment}"),
        Kind.CANCELLED: gettext("Your appointment was cancelled: {moment}"),
    }[kind].format(moment=moment)
    what, where = title(entry.zone, entry.booking, entry.language), place(entry.zone, entry.language)
    if kind is Kind.CANCELLED:
        return [subject, what, gettext("This is our last letter about it. We have erased your address.")]
    return [
        subject,
        what,
        gettext("Where: {place}").format(place=where),
        gettext("Your code: {code}").format(code=grouped(entry.booking.id)),
        gettext("Change or cancel the appointment: {link}").format(link=entry.link),
        gettext("Show this letter to nobody: whoever has it can change your appointment."),
        gettext("We erase your address when the appointment is over or cancelled."),
    ]


def _html(entry: Entry, first: str, more: list[str]) -> str:
    words = "".join(f"<p>{_linked(entry, text)}</p>" for text in more)
    tags = f'lang="{entry.language}" dir="{direction(entry.language)}"'
    return (
        f'<!doctype html><html {tags}><head><meta charset="utf-8"><title>{escape(first)}</title></head>'
        f"<body><h1>{escape(first)}</h1>{words}</body></html>\n"
    )


def _linked(entry: Entry, text: str) -> str:
    link = escape(entry.link)
    return escape(text).replace(link, f'<a href="{link}">{link}</a>')
