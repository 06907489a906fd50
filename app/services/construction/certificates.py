"""Whether a certificate is real, and how its studio stands: anybody may ask by its number (C6.2)."""

from dataclasses import dataclass
from datetime import date

from app.domain.errors import DomainError, Kind
from app.domain.states import StudioState
from app.services.acting import Act
from app.services.programme.papers.studios import HOST
from app.store.queries import studio_pages as rows


class CertificateUnknown(DomainError):
    """No certificate has this number. Params: ``number``."""

    code = "certificate_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate says, as the studio stands today; ``printed``: studio and host as it names them."""

    number: str
    studio: str
    host: str
    document: str
    starts_on: date
    ends_on: date
    state: StudioState
    sha256: str | None
    printed: tuple[str, str]


def verify_certificate(act: Act, *, number: str) -> Verified:
    """Return what the certificate of this number was given for. Raises ``CertificateUnknown``."""
    found = rows.certified(act.session, number.strip())
    if found is None:
        raise CertificateUnknown(number=number)
    paper, studio, host, _ = found
    return Verified(
        number=paper.number,
        studio=studio.name,
        host=host,
        document=studio.document,
        starts_on=studio.starts_on,
        ends_on=studio.ends_on,
        state=studio.state,
        sha256=paper.pdf_sha256,
        printed=(paper.facts["studio"], dict(paper.facts["pairs"])[HOST]),
    )
