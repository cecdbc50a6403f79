"""Whom the agent takes for the server, where no authority vouches for it: the one who has its certificate."""

import ssl
from pathlib import Path

from queue_core.domain.errors import WartezoneError

_END = "-----END CERTIFICATE-----"


class CertificateUnusable(WartezoneError):
    def __init__(self, certificate: Path, cause: Exception) -> None:
        super().__init__(f"{certificate} is no certificate to know the server by: {cause}")


def pinned(certificate: Path) -> ssl.SSLContext:
    """The first certificate of the file and no other: whatever name it is for, nobody else has its key. Raises
    `CertificateUnusable`."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    try:
        first, _, _ = certificate.read_text(encoding="ascii").partition(_END)
        context.load_verify_locations(cadata=first + _END)
    except (OSError, ValueError) as e:  # ssl.SSLError is an OSError
        raise CertificateUnusable(certificate, e) from e
    return context
