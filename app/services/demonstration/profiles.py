"""What made-up hosts state: careers, honours and works that section 4 allows, or leaves to a person."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from app.domain.units import Track

_FIELDS = {
    Track.UNIVERSITY: (
        "党建与科研团队建设融合",
        "课程思政与支部共建",
        "学科建设与支部共建",
        "研究生党建与导学团队建设",
        "产教融合与“双带头人”培育",
        "支部结对与乡村学校帮扶",
    ),
    Track.SCHOOL: (
        "教研组建设与支部共建",
        "课程思政与支部共建",
        "学科组建设与支部共建",
        "少先队与党建衔接",
        "青年教师培养与“双带头人”培育",
        "支部结对与乡村学校帮扶",
    ),
}
_RESULTS = (
    "坚持每月一次主题研讨、每学期一次公开组织生活，把支部会议开到教研室和实验室；牵头建立教学与党建同部署、同检查、同评价的台账，"
    "三年来支部成员承担校级以上教改和课题二十余项，带动本单位青年教师全部参加“师徒结对”。"
)
_WORKS = (
    "支部建在教研室的实践与思考",
    "以组织生活提升育人实效的路径",
    "“双带头人”培育机制研究",
    "一课一研：党小组工作的做法",
)
_VENUES = ("陇上教育研究", "西部高校党建", "基层党建探索")

Give = Callable[[str, str], list[str]]
"""Uploads a paper for a row (list, row key) and returns what the form's file field takes."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A made-up host: name and school as the form shows them, the track, a seed of their own."""

    name: str
    school: str
    place: str
    track: Track
    seed: str
    certificate_only: bool = False
    issuer_unknown: bool = False


def statement(profile: Profile, as_of: date, give: Give) -> dict[str, Any]:
    """Return the application form as ``profile`` fills it in, judged on ``as_of``."""
    chance = random.Random(profile.seed)  # noqa: S311 - the same people at every first start
    began = as_of.replace(day=1) - timedelta(days=365 * chance.randint(4, 9))
    born = date(as_of.year - chance.randint(34, 43), chance.randint(1, 12), chance.randint(1, 28))
    values: dict[str, Any] = {
        "birth_date": born.isoformat(),
        "member_count": chance.randint(9, 32),
        "field": chance.choice(_FIELDS[profile.track]),
        "results": _RESULTS,
        "appointments": [_appointment(began, give)],
        "titles": [_title(profile, began, give)],
        "commendations": [_commendation(profile, as_of, give)],
        "publications": _publications(chance, as_of, give),
        "appraisals": [_appraisal(as_of.year - back, give) for back in (2, 1)],
        "committee_works": [],
        "awards": [],
        "pledge": True,
        "signature": profile.name,
    }
    return values | ({"branch_kind": "teacher"} if profile.track is Track.UNIVERSITY else {})


def _row(owner: str, key: str, give: Give, columns: Mapping[str, Any]) -> dict[str, Any]:
    doc = give(owner, key)
    return {"row_key": key, "doc": doc, "doc_number": f"示例〔{owner[:4]}〕{doc[0][:8]}", **columns}


def _appointment(began: date, give: Give) -> dict[str, Any]:
    columns = {"post": "secretary", "branch": "self", "from": began.isoformat(), "to": None}
    return _row("appointments", "a1", give, columns)


def _title(profile: Profile, began: date, give: Give) -> dict[str, Any]:
    is_university = profile.track is Track.UNIVERSITY
    columns = {
        "title": "副教授" if is_university else "一级教师",
        "level": "副高" if is_university else "中级",
        "held_from": began.isoformat(),
        "basis": "certificate" if profile.certificate_only else "appointed",
    }
    return _row("titles", "t1", give, columns)


def _commendation(profile: Profile, as_of: date, give: Give) -> dict[str, Any]:
    is_university = profile.track is Track.UNIVERSITY
    issuer = f"中共{profile.school}委员会" if is_university else f"中共{profile.place}委"
    columns = {
        "title": "先进基层党组织",
        "issuer": "陇原基层党建促进会" if profile.issuer_unknown else issuer,
        "issuer_kind": "other" if profile.issuer_unknown else "party_org",
        "level": "unknown" if profile.issuer_unknown else ("school" if is_university else "county"),
        "holder": "branch",
        "date": (as_of - timedelta(days=400)).isoformat(),
    }
    return _row("commendations", "c1", give, columns)


def _publications(chance: random.Random, as_of: date, give: Give) -> list[dict[str, Any]]:
    titles = chance.sample(_WORKS, 2)
    return [
        _row(
            "publications",
            f"p{number}",
            give,
            {
                "kind": "paper",
                "title": title,
                "venue": chance.choice(_VENUES),
                "venue_level": "province",
                "role": "first_author",
                "date": (as_of - timedelta(days=150 * number)).isoformat(),
            },
        )
        for number, title in enumerate(titles, start=1)
    ]


def _appraisal(year: int, give: Give) -> dict[str, Any]:
    return _row("appraisals", f"y{year}", give, {"year": year, "grade": "好", "issuer": "上级党组织"})
