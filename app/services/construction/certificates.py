"""What the public may know of studios: whether a certificate is real, and how acceptances ended (C6.2)."""

from dataclasses import dataclass
from datetime import date

from app.domain.acceptance import Grade
from app.domain.errors import DomainError, Kind
from app.domain.papers import PaperKind
from app.domain.states import StudioState
from app.services.acting import Act
from app.services.programme.papers.studios import HOST
from app.store.models import AcceptanceState
from app.store.queries import acceptance as acceptances
from app.store.queries import studio_pages as rows

_MOST = 100


class CertificateUnknown(DomainError):
    """No certificate has this number. Params: ``number``."""

    code = "certificate_unknown"
    kind = Kind.NOT_FOUND


@dataclass(frozen=True, slots=True)
class Verified:
    """What a certificate says, as the studio stands today; ``printed``: studio and host as it names them."""

    kind: PaperKind
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
    facts = paper.facts
    return Verified(
        kind=paper.kind,
        number=paper.number,
        studio=studio.name,
        host=host,
        document=studio.document,
        starts_on=studio.starts_on,
        ends_on=studio.ends_on,
        state=studio.state,
        sha256=paper.pdf_sha256,
        printed=(facts["studio"], facts.get("host") or dict(facts["pairs"])[HOST]),
    )


@dataclass(frozen=True, slots=True)
class Conclusion:
    """How an acceptance ended, as its public notice says; ``public_id``: by which the notice is found."""

    public_id: str
    studio: str
    state: AcceptanceState
    grade: Grade | None
    concluded_on: date | None


def list_conclusions(act: Act) -> tuple[Conclusion, ...]:
    """Return the conclusions of acceptances whose notice is public, the latest first (C6.2)."""
    return tuple(
        Conclusion(found.public_id, studio.name, found.state, found.grade, found.concluded_on)
        for found, studio in acceptances.announced(act.session, _MOST)
    )
