"""The papers of the programme: their kinds, and how their document numbers (发文字号) are written."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.errors import DomainError, Kind


class PaperKind(StrEnum):
    """A kind of paper that the programme makes."""

    APPLICATION_FORM = "application_form"
    RECEIPT = "receipt"
    ACCEPTANCE_CERTIFICATE = "acceptance_certificate"
    ACCEPTANCE_NOTICE = "acceptance_notice"
    RETURN_NOTICE = "return_notice"
    REJECTION_NOTICE = "rejection_notice"
    PUBLICITY_NOTICE = "publicity_notice"
    OBJECTION_REPLY = "objection_reply"
    DEFENSE_TALLY = "defense_tally"
    PANEL_RECORD = "panel_record"
    RESULT_NOTICE = "result_notice"
    PROVINCIAL_NOTICE = "provincial_notice"
    ANNOUNCEMENT = "announcement"
    STUDIO_CERTIFICATE = "studio_certificate"
    FILING_RECEIPT = "filing_receipt"
    REVIEW_DECISION = "review_decision"
    FALSITY_DECISION = "falsity_decision"
    PLEDGE = "pledge"


@dataclass(frozen=True, slots=True)
class PaperRules:
    """What holds for a kind: its name, the word in its number, whether an office edits it in Word.

    ``names_reviewers``: only those who run the selection may open it, and of a pledge who signed it (C5.3b).
    """

    name: str
    word: str
    in_word: bool = True
    names_reviewers: bool = False


PAPERS: Mapping[PaperKind, PaperRules] = {
    PaperKind.APPLICATION_FORM: PaperRules("申报书", "申"),
    PaperKind.RECEIPT: PaperRules("受理回执", "受"),
    PaperKind.ACCEPTANCE_CERTIFICATE: PaperRules("验收证书", "验"),
    PaperKind.ACCEPTANCE_NOTICE: PaperRules("验收结果公告", "验公"),
    PaperKind.RETURN_NOTICE: PaperRules("退回修改通知书", "退"),
    PaperKind.REJECTION_NOTICE: PaperRules("不予推荐通知书", "否"),
    PaperKind.PUBLICITY_NOTICE: PaperRules("公示公告", "示"),
    PaperKind.OBJECTION_REPLY: PaperRules("异议答复书", "复"),
    PaperKind.DEFENSE_TALLY: PaperRules("答辩计分表", "分", names_reviewers=True),
    PaperKind.PANEL_RECORD: PaperRules("评审记录", "评", names_reviewers=True),
    PaperKind.RESULT_NOTICE: PaperRules("结果告知书", "告"),
    PaperKind.PROVINCIAL_NOTICE: PaperRules("省级公示公告", "公"),
    PaperKind.ANNOUNCEMENT: PaperRules("公布文件", "布"),
    PaperKind.STUDIO_CERTIFICATE: PaperRules("工作室证书", "证", in_word=False),
    PaperKind.FILING_RECEIPT: PaperRules("备案回执", "备"),
    PaperKind.REVIEW_DECISION: PaperRules("复核决定书", "核"),
    PaperKind.FALSITY_DECISION: PaperRules("处理决定书", "处"),
    PaperKind.PLEDGE: PaperRules("评审专家承诺书", "诺", names_reviewers=True),
}
"""Every kind with its rules."""

DEFAULT_NUMBERS = "双优{类}〔{年}〕{号}号"
"""How numbers are written where a cycle says nothing else: 双优受〔2026〕3号."""

_PLACES = ("{类}", "{年}", "{号}")
_LONGEST_PATTERN = 40
_BRACED = re.compile(r"[{}]")


class NumberPatternInvalid(DomainError):
    """A pattern names the kind, the year and the number, each once: {类}, {年}, {号}. Params: ``pattern``."""

    code = "number_pattern_invalid"
    kind = Kind.BAD_INPUT


def checked_pattern(pattern: str) -> str:
    """Return a pattern of document numbers without space around it. Raises ``NumberPatternInvalid``."""
    text = pattern.strip()
    rest = text
    for place in _PLACES:
        rest = rest.replace(place, "", 1)
    together = any(f"{one}{other}" in text for one in _PLACES[1:] for other in _PLACES[1:])
    if len(text) > _LONGEST_PATTERN or len(text) - len(rest) != sum(map(len, _PLACES)) or _BRACED.search(rest):
        raise NumberPatternInvalid(pattern=pattern)
    if together or not text.isprintable():
        raise NumberPatternInvalid(pattern=pattern)
    return text


def paper_number(pattern: str, kind: PaperKind, year: int, sequence: int) -> str:
    """Write the document number of the ``sequence``-th paper of a kind in a year."""
    word = PAPERS[kind].word
    return pattern.replace("{类}", word).replace("{年}", str(year)).replace("{号}", str(sequence))
