"""A ticket that shows what a printer can: every script, the largest and the smallest, a code, both edges."""

from ticket_kiosk.receipt import Line, Size

SPECIMEN = (
    Line(Size.MARK, "Test"),
    Line(Size.HUGE, "A047"),
    Line(Size.RULE, ""),
    Line(Size.SMALL, "Deutsch: Grüße aus Köln, Straße 15", "de"),
    Line(Size.SMALL, "Türkçe: Işık, ığdır, ŞÇĞ", "tr"),
    Line(Size.SMALL, "Română: înștiințare, țară", "ro"),
    Line(Size.SMALL, "Українська: ґанок, їжак, Єва", "uk"),
    Line(Size.SMALL, "Русский: объявление", "ru"),
    Line(Size.SMALL, "العربية: رقمك A047 الساعة 10:20", "ar", rtl=True),
    Line(Size.SMALL, "فارسی: شمارهٔ A047 ساعت ۱۰:۲۰", "fa", rtl=True),
    Line(Size.RULE, ""),
    Line(Size.NORMAL, "123456789 abcdefghij"),
    Line(Size.CODE, "https://example.org/"),
)
