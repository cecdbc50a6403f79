"""Sentences of tickets in every script that an office speaks, written by hand."""

TEXTS = {
    "de": "Bitte behalten Sie die Nummer A047: Größe, Übermaß, Ämter.",
    "en": "Please keep this number. The display calls A047 at 10:20.",
    "tr": "Lütfen A047 numarasını saklayın; ekran sizi çağıracak, ığdır İĞNE şöyle.",
    "ro": "Păstrați numărul A047, țineți-l la îndemână și așteptați.",
    "uk": "Збережіть номер A047: Ґанок, їжак, Єва, щука о 10:20.",
    "ru": "Сохраните номер A047, объявление на экране в 10:20.",
    "ar": "يرجى الاحتفاظ بالرقم A047، الساعة 10:20 (غرفة 3).",
    "fa": "لطفاً شمارهٔ A047 را نگه دارید؛ می‌خواهیم ساعت ۱۰:۲۰ صدایتان کنیم.",
}
RTL = frozenset({"ar", "fa"})
