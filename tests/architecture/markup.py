"""What our templates and styles hold that a strict content security policy, or a house without internet, forbids."""

import re

_FORBIDDEN = {
    "inline script": re.compile(r"<script(?![^>]*\ssrc\s*=)[^>]*>", re.IGNORECASE),
    "inline style": re.compile(r"<style[\s>]|<[^>]*\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "script address": re.compile(r"javascript:", re.IGNORECASE),
    "foreign address": re.compile(
        r"<(?:script|img|link|iframe|audio|video|source|use)\b[^>]*\s(?:src|href)\s*=\s*[\"']?(?:https?:)?//", re.I
    ),
    "foreign style": re.compile(r"(?:url\(\s*[\"']?|@import\s+[\"'])(?:https?:)?//", re.IGNORECASE),
}
_JINJA = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


def forbidden(text: str) -> list[str]:
    """`what: the offending piece`, for each; what Jinja fills in counts as harmless text."""
    plain = _JINJA.sub("x", text)
    return [
        f"{what}: {found.group(0)[:80]}" for what, pattern in _FORBIDDEN.items() for found in pattern.finditer(plain)
    ]
