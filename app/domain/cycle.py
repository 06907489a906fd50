"""An application cycle (申报批次): its dates, and every setting the rules leave to it as checked JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from typing import Any

from app.domain.cycle_fields import (
    SettingInvalid,
    no_exceptions,
    noted,
    read_count,
    read_flag,
    read_fraction,
    read_numbers,
    read_optional_count,
    read_places,
    read_quotas,
    read_schoolings,
    word_reader,
)
from app.domain.errors import DomainError, Kind
from app.domain.papers import DEFAULT_NUMBERS
from app.domain.rubric import DEFAULT_RUBRIC, Criterion, Rubric, read_rubric
from app.domain.time import SHANGHAI
from app.domain.units import Schooling, Track


class TenureBranch(StrEnum):
    """Which branches' service counts (C4.1b): any, as the plan's words say, or the applying branch only."""

    ANY = "any"
    APPLYING = "applying"


class AgeReading(StrEnum):
    """How the age limit is read (C4.1d): completed years on ``as_of``, or up to and including the limit's birthday."""

    COMPLETED_YEARS = "completed_years"
    STRICT = "strict"


class AppraisalYears(StrEnum):
    """Which two consecutive years count (C4.3.3, C4.4.3); a good pair outside is decided by a person."""

    LATEST_TWO = "latest_two"
    ANY_TWO_IN_THREE = "any_two_in_three"
    ANY_TWO = "any_two"


_OPTIONAL_SCHOOLINGS = frozenset({Schooling.SECONDARY_VOCATIONAL, Schooling.SPECIAL, Schooling.KINDERGARTEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleSettings:
    """The settings of one cycle, each with the clause it belongs to and the rules' default.

    A change is a new value with the next ``version``; an open case keeps the version under which it was submitted.
    """

    version: int = 1
    tenure_branch: TenureBranch = field(
        default=TenureBranch.ANY, metadata=noted("C4.1b", "任职年限所计支部", word_reader(TenureBranch))
    )
    age_reading: AgeReading = field(
        default=AgeReading.COMPLETED_YEARS, metadata=noted("C4.1d", "年龄计算口径", word_reader(AgeReading))
    )
    appraisal_years: AppraisalYears = field(
        default=AppraisalYears.LATEST_TWO, metadata=noted("C4.3.3", "述职评议考核年度范围", word_reader(AppraisalYears))
    )
    admitted_schoolings: frozenset[Schooling] = field(
        default=_OPTIONAL_SCHOOLINGS,
        metadata=noted("C4.4", "按中小学校申报的其他学校", read_schoolings(_OPTIONAL_SCHOOLINGS)),
    )
    county_countersign: bool = field(default=False, metadata=noted("C5.2a", "县区会签", read_flag))
    correction_returns: int = field(default=1, metadata=noted("C5.2a", "初评退回修改次数", read_count(0, 5)))
    correction_working_days: int = field(default=5, metadata=noted("C5.2a", "修改期限（工作日）", read_count(1, 60)))
    review_request_working_days: int = field(
        default=5, metadata=noted("C5.2a", "申请复核期限（工作日）", read_count(1, 60))
    )
    unit_quota: int | None = field(
        default=None, metadata=noted("C5.2a", "每单位推荐名额", read_optional_count(1, 1000))
    )
    unit_quotas: Mapping[str, int] = field(
        default_factory=no_exceptions, metadata=noted("C5.2a", "单独规定名额的单位", read_quotas)
    )
    publicity_working_days: int = field(default=5, metadata=noted("C5.2b", "公示期（工作日）", read_count(1, 60)))
    completion_returns: int = field(default=1, metadata=noted("C5.3a", "形式审查补正次数", read_count(0, 5)))
    invitation_working_days: int = field(
        default=3, metadata=noted("C5.3a", "专家答复邀请期限（工作日）", read_count(1, 30))
    )
    reviewers_per_case: int = field(default=5, metadata=noted("C5.3a", "每件申报评审专家数", read_count(5, 25)))
    reviews_per_expert: int | None = field(
        default=None, metadata=noted("C5.3b", "每位专家评审件数上限", read_optional_count(1, 2000))
    )
    review_working_days: int = field(default=10, metadata=noted("C5.3b", "材料评审期限（工作日）", read_count(1, 60)))
    escalation_working_days: int = field(
        default=3, metadata=noted("C5.3b", "逾期几个工作日报组长处理", read_count(1, 60))
    )
    least_reviews: int = field(default=5, metadata=noted("C5.3b", "每件至少评审数", read_count(1, 99)))
    blind: bool = field(default=False, metadata=noted("C5.3b", "匿名评审", read_flag))
    rubric: Rubric = field(default=DEFAULT_RUBRIC, metadata=noted("C5.3b", "评分表", read_rubric))
    presentation_minutes: int = field(default=10, metadata=noted("C5.3c", "答辩陈述（分钟）", read_count(1, 120)))
    question_minutes: int = field(default=5, metadata=noted("C5.3c", "答辩提问（分钟）", read_count(0, 120)))
    material_weight: int = field(default=60, metadata=noted("C5.3d", "材料评审权重（%）", read_count(0, 100)))
    defense_weight: int = field(default=40, metadata=noted("C5.3d", "答辩权重（%）", read_count(0, 100)))
    trim_extremes: bool = field(default=True, metadata=noted("C5.3d", "去掉最高分和最低分", read_flag))
    trim_from_scores: int = field(default=5, metadata=noted("C5.3d", "去掉高低分所需评分数", read_count(3, 99)))
    quorum: tuple[int, int] = field(default=(2, 3), metadata=noted("C5.3d", "到会法定比例", read_fraction))
    majority: tuple[int, int] = field(default=(1, 2), metadata=noted("C5.3d", "通过须超过到会比例", read_fraction))
    places: Mapping[Track, int] = field(
        default_factory=no_exceptions, metadata=noted("C5.3d", "各类别入围名额", read_places)
    )
    provincial_publicity: bool = field(default=True, metadata=noted("C5.3e", "省级公示", read_flag))
    provincial_working_days: int = field(default=5, metadata=noted("C5.3e", "省级公示期（工作日）", read_count(1, 60)))
    later_review_working_days: int = field(
        default=3, metadata=noted("C5.3e", "初评以后申请复核期限（工作日，0 为不受理）", read_count(0, 60))
    )
    document_numbers: str = field(default=DEFAULT_NUMBERS, metadata=noted("C5.3e", "系统文书的发文字号", read_numbers))
    funding_days: int = field(
        default=90, metadata=noted("C6.4", "年度经费落实期限（年度开始后，日）", read_count(1, 365))
    )
    report_days: int = field(default=30, metadata=noted("C6.7", "年度报告期限（年度期满后，日）", read_count(1, 180)))
    filing_days: int = field(default=30, metadata=noted("C6.7", "报备期限（日）", read_count(1, 365)))

    def __post_init__(self) -> None:
        """Hold what several settings must satisfy together. Raises ``SettingInvalid``."""
        if self.version < 1:
            raise SettingInvalid(key="version", value=self.version)
        if self.reviewers_per_case % 2 == 0:
            raise SettingInvalid(key="reviewers_per_case", value=self.reviewers_per_case)
        if self.material_weight + self.defense_weight != 100:  # noqa: PLR2004 - a whole in per cent
            raise SettingInvalid(key="defense_weight", value=self.defense_weight)

    def quota_of(self, unit_code: str) -> int | None:
        """Return how many a unit may recommend, None: no limit (C5.2a)."""
        return self.unit_quotas.get(unit_code, self.unit_quota)

    def revised(self, **changes: Any) -> "CycleSettings":
        """Return the next version with JSON values of ``changes`` in place. Raises ``SettingInvalid``."""
        return settings_from_json(settings_to_json(self) | changes | {"version": self.version + 1})


@dataclass(frozen=True, slots=True)
class SettingNote:
    """One setting as the cycle's public page shows it: ``name`` in Chinese, ``value`` as JSON."""

    key: str
    clause: str
    name: str
    value: Any
    is_default: bool


_NOTED = tuple(entry for entry in fields(CycleSettings) if entry.metadata)


def settings_to_json(settings: CycleSettings) -> dict[str, Any]:
    """Return the settings as plain JSON values."""
    return {"version": settings.version} | {entry.name: _plain(getattr(settings, entry.name)) for entry in _NOTED}


def settings_from_json(raw: Mapping[str, Any]) -> CycleSettings:
    """Return the settings that ``raw`` holds; a key left out takes its default.

    Raises ``SettingInvalid`` for a value outside its bounds, a wrong type or an unknown key.
    """
    readers = {"version": read_count(1, 2**31)} | {entry.name: entry.metadata["read"] for entry in _NOTED}
    unknown = sorted(set(raw) - set(readers))
    if unknown:
        raise SettingInvalid(key=unknown[0], value=raw[unknown[0]])
    return CycleSettings(**{key: readers[key](key, value) for key, value in raw.items()})


def notes(settings: CycleSettings) -> tuple[SettingNote, ...]:
    """Return every setting for the cycle's public page, in the order of the clauses."""
    default = settings_to_json(CycleSettings())
    current = settings_to_json(settings)
    return tuple(
        SettingNote(
            entry.name,
            entry.metadata["clause"],
            entry.metadata["name"],
            current[entry.name],
            current[entry.name] == default[entry.name],
        )
        for entry in _NOTED
    )


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, frozenset):
        return sorted(item.value for item in value)
    if isinstance(value, Criterion):
        return asdict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    return value


class DatesOutOfOrder(DomainError):
    """The cycle's dates must follow each other. Params: ``earlier``, ``later``: the names of the two."""

    code = "cycle_dates_out_of_order"
    kind = Kind.BAD_INPUT


class DateNotLater(DomainError):
    """An extension moves dates to a later time only. Params: ``name``, ``moment``, ``proposed``."""

    code = "cycle_date_not_later"


@dataclass(frozen=True, slots=True, kw_only=True)
class CycleDates:
    """A cycle's moments, all aware, in order: submissions open and end, units close their lists, reporting ends.

    ``published_deadline`` is the submission deadline first published; an extension moves ``deadline`` alone.
    """

    opens_at: datetime
    published_deadline: datetime
    deadline: datetime
    list_cutoff: datetime
    reporting_cutoff: datetime

    def __post_init__(self) -> None:
        """Hold the order of the moments. Raises ``DatesOutOfOrder``."""
        for earlier, later in pairwise(entry.name for entry in fields(self)):
            if getattr(self, earlier) > getattr(self, later):
                raise DatesOutOfOrder(earlier=earlier, later=later)

    @property
    def as_of(self) -> date:
        """The day on which section 4 is judged: that of the last moment before the deadline first published."""
        return (self.published_deadline - timedelta.resolution).astimezone(SHANGHAI).date()

    def is_accepting(self, now: datetime) -> bool:
        """Tell whether an application may be submitted at ``now`` (C5.1); at the deadline itself it is too late."""
        return self.opens_at <= now < self.deadline

    def extended(self, **moments: datetime) -> "CycleDates":
        """Return the dates with a later ``deadline`` or cut-off; ``as_of`` stays.

        Raises ``DateNotLater``, ``DatesOutOfOrder``; ``TypeError`` for a moment that no extension may move.
        """
        fixed = set(moments) - {"deadline", "list_cutoff", "reporting_cutoff"}
        if fixed:
            raise TypeError(f"not extendable: {sorted(fixed)}")
        for name, proposed in moments.items():
            if proposed <= getattr(self, name):
                raise DateNotLater(name=name, moment=getattr(self, name), proposed=proposed)
        return replace(self, **moments)
