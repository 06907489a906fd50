"""Scans of made-up papers, and files of cases put in the place of others."""

import io

from PIL import Image, ImageDraw
from sqlalchemy import select

from app.store.models import Evidence, EvidenceUse, Instance
from tests.factories.acts import Stage

NAME = "Zhang San"


def certificate(text: str, *, side: int = 900, turned: float = 0, quality: int = 90) -> bytes:
    """A scan of a certificate, with a name in its metadata."""
    picture = Image.new("RGB", (900, 1200), "white")
    brush = ImageDraw.Draw(picture)
    brush.rectangle((40, 40, 860, 1160), outline="red", width=12)
    for line in range(9):
        length = 150 + ord(text[line % len(text)]) * 37 * (line + 1) % 600
        brush.rectangle((100, 200 + line * 80, 100 + length, 235 + line * 80), fill="black")
    brush.ellipse((550 + ord(text[0]) % 50, 900, 780, 1100), outline="red", width=10)
    exif = Image.Exif()
    exif[0x010E] = NAME
    out = io.BytesIO()
    shown = picture.rotate(turned, fillcolor="white").resize((side, side * 4 // 3))
    shown.save(out, "JPEG", quality=quality, exif=exif)
    return out.getvalue()


def put_in_place(stage: Stage, case: str, owner: str, content: bytes, kind: str = "image/jpeg") -> str:
    """Let the first file of a part of a case's form hold these bytes; return its public id."""
    with stage.database.transaction() as session:
        query = select(Evidence).join(EvidenceUse, EvidenceUse.evidence_id == Evidence.id)
        query = query.join(Instance, Instance.id == EvidenceUse.instance_id).where(Instance.business_key == case)
        file = session.scalars(query.where(EvidenceUse.owner == owner).order_by(Evidence.id).limit(1)).one()
        file.sha256, file.media_type, file.scans = stage.ports.files.put(content), kind, None
        return file.public_id
