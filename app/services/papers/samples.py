"""Made-up facts for each kind of paper in Word: what a template is tried with, and what its placeholders may name."""

from collections.abc import Mapping
from typing import Any

from app.domain.papers import PAPERS, PaperKind

_LETTER: Mapping[str, Any] = {
    "issuer": "示例大学",
    "addressee": "示例大学示例学院教工第一党支部（主持人：示例）",
    "paragraphs": ["正文第一段，由系统按案卷写成。", "正文第二段。"],
    "table_title": "名单",
    "columns": ["序号", "工作室", "主持人"],
    "rows": [["1", "示例大学示例学院教工第一党支部书记工作室", "示例"]],
    "closing": ["特此通知。"],
    "signatures": [],
    "signed_by": "示例大学",
    "date": "2026年4月22日",
}
_APPLIED = {
    "studio": "示例大学示例学院教工第一党支部书记工作室",
    "host": "示例",
    "branch": "示例大学示例学院教工第一党支部",
    "school": "示例大学",
    "cycle": "2026年度申报",
    "receipt_number": "SQ-2026-0001",
}
_DECIDED = {"reasons": "示例理由。", "deadline": "2026年5月8日24:00"}
_ACCEPTED = {
    "studio": _APPLIED["studio"],
    "host": "示例",
    "school": "示例大学",
    "term": "2026年9月1日至2029年8月31日",
    "grade": "良好",
    "conclusion": "通过",
    "document": "示例〔2029〕1号",
}
_NO_LETTER: Mapping[PaperKind, Mapping[str, Any]] = {
    PaperKind.RECEIPT: {
        "pairs": [["受理号", _APPLIED["receipt_number"]], ["工作室", _APPLIED["studio"]], ["主持人", "示例"]],
        "paragraphs": ["上述申报已提交并锁定，即日起按程序办理。"],
        "signed_by": "示例大学",
        "date": "2026年4月22日",
    },
    PaperKind.APPLICATION_FORM: {
        "programme": "示例项目",
        "cover": [["工作室名称", _APPLIED["studio"]], ["主持人", "示例"]],
        "sections": [
            {
                "heading": "一、基本情况",
                "paragraphs": [],
                "pairs": [["出生日期", "1986年5月1日"]],
                "tables": [
                    {
                        "title": "任职经历",
                        "columns": ["职务", "起始日期", "证明材料"],
                        "widths": [1, 1, 2],
                        "rows": [["党支部书记", "2020年3月1日", "任职文件.pdf"]],
                    },
                    {"title": "教学科研成果", "columns": ["名称"], "widths": [1], "rows": []},
                ],
                "places": [],
            },
            {
                "heading": "二、证明与声明",
                "paragraphs": ["示例说明。"],
                "pairs": [],
                "tables": [],
                "places": [
                    {
                        "words": "上级党组织意见（示例大学示例学院党委）\n政治方向正确、政治觉悟高。",
                        "signer": "负责人签名",
                        "signed": "（平台签发：示例）",
                        "date": "2026年4月1日",
                        "sealed": True,
                    },
                    {"words": "本人承诺。", "signer": "主持人签名", "signed": "", "date": "", "sealed": False},
                ],
            },
        ],
    },
}
"""Kinds that are no letters, with everything they say."""

_MORE: Mapping[PaperKind, Mapping[str, Any]] = {
    PaperKind.ACCEPTANCE_CERTIFICATE: _ACCEPTED,
    PaperKind.ACCEPTANCE_NOTICE: _ACCEPTED,
    PaperKind.RETURN_NOTICE: _APPLIED | _DECIDED,
    PaperKind.REJECTION_NOTICE: _APPLIED | _DECIDED,
    PaperKind.PUBLICITY_NOTICE: {
        "unit": "示例大学",
        "cycle": "2026年度申报",
        "opens_on": "2026年4月23日",
        "last_day": "2026年4月29日",
        "working_days": "5",
    },
    PaperKind.OBJECTION_REPLY: {
        "studio": _APPLIED["studio"],
        "objection": "示例编号",
        "lodged_at": "2026年4月24日 09:00",
        "ruling": "异议不成立",
        "reasons": "示例理由。",
    },
    PaperKind.PANEL_RECORD: {
        "expected": "7",
        "present": "7",
        "recused": "0",
        "cycle": "2026年度申报",
        "minutes": "示例纪要。",
        "signatures": ["组长（签名）", "成员（签名）"],
    },
    PaperKind.DEFENSE_TALLY: {
        "session": "高校组答辩",
        "room": "第一评审室",
        "cycle": "2026年度申报",
        "seed": "示例种子",
        "signatures": ["组长（签名）", "成员（签名）"],
    },
    PaperKind.RESULT_NOTICE: _APPLIED | {"outcome": "未入围", "reasons": "示例说明。"},
    PaperKind.PROVINCIAL_NOTICE: {
        "cycle": "2026年度申报",
        "opens_on": "2026年6月23日",
        "last_day": "2026年6月29日",
        "working_days": "5",
    },
    PaperKind.ANNOUNCEMENT: {"cycle": "2026年度申报"},
    PaperKind.FILING_RECEIPT: {
        "studio": _APPLIED["studio"],
        "document": "建设方案",
        "filing_number": "双优备〔2026〕1号",
    },
    PaperKind.REVIEW_DECISION: _APPLIED | {"reasons": "示例理由。", "outcome": "维持原决定"},
    PaperKind.FALSITY_DECISION: _APPLIED | {"reasons": "示例理由。", "outcome": "取消评审资格"},
    PaperKind.PLEDGE: {
        "cycle": "2026年度申报",
        "expert": "示例",
        "unit": "示例大学",
        "group": "综合组",
        "signed_at": "2026年4月30日 09:00",
        "signatures": ["承诺人（签名）", "监督人（签名）"],
    },
}


def sample(kind: PaperKind) -> dict[str, Any]:
    """Return made-up facts of a kind of paper, as its composer gives them."""
    rules = PAPERS[kind]
    named = {"title": rules.name, "number": f"双优{rules.word}〔2026〕1号"}
    if kind in _NO_LETTER:
        return {**_NO_LETTER[kind], **named}
    return {**_LETTER, **named, **_MORE[kind]}
