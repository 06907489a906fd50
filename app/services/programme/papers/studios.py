"""Papers of a studio: the certificate of its approval, the receipt of a record-filing (C6.1a, C6.2, C6.7)."""

from app.domain.papers import PaperKind
from app.services.acting import Act
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.papers.applying import PROGRAMME
from app.services.programme.papers.letters import Letter
from app.services.programme.subjects import studio_of
from app.services.programme.wording import day_text
from app.services.studios import school_of
from app.store.models import Person, Studio
from app.store.queries.lines import line_of

HOST = "主持人"
"""What a certificate calls the host."""


@composes(PaperKind.STUDIO_CERTIFICATE)
def certificate(act: Act, event: Event) -> Content:
    """What was approved: the studio, its host, its direction, its three years, by which document (C6.2)."""
    studio = studio_of(act, event.case)
    line = line_of(act.session, studio.branch_id, act.today)
    host = act.session.get_one(Person, studio.host_id).name
    facts = {
        "heading": PROGRAMME,
        "studio": studio.name,
        "pairs": [
            [HOST, host],
            ["所在学校", school_of(line).name],
            ["建设方向", studio.direction],
            ["建设周期", _term(studio)],
            ["批准文件", studio.document],
        ],
        "check": "可在平台“证书查验”页输入证书编号查验真伪和现状。",
        "signed_by": line[-1].name,
        "date": day_text(studio.starts_on),
    }
    return Content(f"{studio.name}证书", facts)


@composes(PaperKind.FILING_RECEIPT)
def filing_receipt(act: Act, event: Event) -> Content:
    """That a document was record-filed, under which number (C6.7)."""
    studio = studio_of(act, event.case)
    line = line_of(act.session, studio.branch_id, act.today)
    about = event.about
    letter = Letter(
        issuer=line[-1].name,
        dated=event.at,
        addressee=studio.name,
        paragraphs=[
            f"你工作室报备的《{about['title']}》（{about['document']}）收悉，经核对格式符合要求，予以备案。",
            f"备案号：{about['number']}。",
            "请按备案的内容组织实施；内容有重大调整的，按原程序批准后重新报备。",
        ],
        more={"studio": studio.name, "document": str(about["document"]), "filing_number": str(about["number"])},
    )
    return Content(f"{about['document']}备案回执", letter.facts(), number=str(about["number"]))


def _term(studio: Studio) -> str:
    return f"{day_text(studio.starts_on)}至{day_text(studio.ends_on)}"
