"""The facts of section 4 as the checker takes them; a fact not given is None or an empty tuple."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from app.domain.cycle import AgeReading, AppraisalYears, TenureBranch
from app.domain.units import Track


class BranchKind(StrEnum):
    """A university branch: of teachers, or another (C4.1c)."""

    TEACHER = "teacher"
    OTHER = "other"


class Post(StrEnum):
    """A post in a branch; deputies do not count (C4.1b)."""

    SECRETARY = "secretary"
    DEPUTY = "deputy"


class WhichBranch(StrEnum):
    """Whether the post is held in the applying branch."""

    SELF = "self"
    OTHER = "other"


class TitleLevel(StrEnum):
    """Levels of a professional post, lowest first (C4.1c)."""

    JUNIOR = "初级"
    INTERMEDIATE = "中级"
    ASSOCIATE_SENIOR = "副高"
    SENIOR = "正高"


TITLE_ORDER = tuple(TitleLevel)


class TitleBasis(StrEnum):
    """By appointment (聘任), or by a certificate alone."""

    APPOINTED = "appointed"
    CERTIFICATE = "certificate"


class Holder(StrEnum):
    """Who was commended."""

    BRANCH = "branch"
    SECRETARY = "secretary"


class IssuerKind(StrEnum):
    """What kind of body commended; a department's level is that of the government it belongs to."""

    PARTY_ORG = "party_org"
    GOVERNMENT = "government"
    DEPARTMENT_PARTY_ORG = "department_party_org"
    DEPARTMENT = "department"
    OTHER = "other"


class Level(StrEnum):
    """Award levels, lowest first; an unknown one is never guessed."""

    SCHOOL = "school"
    COUNTY = "county"
    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"
    UNKNOWN = "unknown"


class VenueLevel(StrEnum):
    """Levels of a journal."""

    CITY = "city"
    PROVINCE = "province"
    NATION = "nation"
    UNKNOWN = "unknown"


class PublicationKind(StrEnum):
    """Paper or book."""

    PAPER = "paper"
    BOOK = "book"


class Authorship(StrEnum):
    """The secretary's part in a publication."""

    FIRST_AUTHOR = "first_author"
    EDITOR_IN_CHIEF = "editor_in_chief"
    AUTHOR = "author"
    OTHER = "other"


class Grade(StrEnum):
    """Grades of the Party-building appraisal."""

    GOOD = "好"
    EQUIVALENT_GOOD = "equivalent_good"
    FAIR = "较好"
    PLAIN = "一般"

    @property
    def is_good(self) -> bool:
        """好, or its equivalent per the superior's document (C4.3.3, C4.4.3)."""
        return self in {Grade.GOOD, Grade.EQUIVALENT_GOOD}


class WorkKind(StrEnum):
    """What was done for, or honoured by, the provincial committee."""

    PROJECT = "project"
    PAPER = "paper"
    LECTURE = "lecture"
    INTEGRITY = "integrity"
    OTHER = "other"


class WorkStatus(StrEnum):
    """Whether a project is completed; other works have nothing to complete."""

    COMPLETED = "completed"
    OPEN = "open"


class WorkRole(StrEnum):
    """The secretary's part in a work."""

    LEADER = "leader"
    PARTICIPANT = "participant"


class Relation(StrEnum):
    """The secretary's part in an award of students."""

    PARTICIPATED = "participated"
    COACHED = "coached"


class AwardHolder(StrEnum):
    """Who won."""

    STUDENT = "student"
    TEAM = "team"


@dataclass(frozen=True, slots=True)
class Appointment:
    """A post held from ``first`` to ``last``, both days included (None: still serving); ``doc`` is its paper."""

    post: Post
    branch: WhichBranch
    first: date
    last: date | None
    doc: str | None


@dataclass(frozen=True, slots=True)
class Title:
    """A professional post."""

    level: TitleLevel
    held_from: date
    basis: TitleBasis


@dataclass(frozen=True, slots=True)
class CleanRecord:
    """The two declarations of C4.5b; None: not yet declared."""

    school_party: bool | None = None
    discipline: bool | None = None


@dataclass(frozen=True, slots=True)
class Commendation:
    """A commendation of branch or secretary (items 1 and 5)."""

    holder: Holder
    issuer_kind: IssuerKind
    level: Level
    date: date
    doc: str | None


@dataclass(frozen=True, slots=True)
class Publication:
    """A paper or book (item 2); ``venue_level`` is of papers."""

    kind: PublicationKind
    role: Authorship
    venue_level: VenueLevel | None
    date: date
    doc: str | None


@dataclass(frozen=True, slots=True)
class Appraisal:
    """One year's grade of the branch (item 3)."""

    year: int
    grade: Grade
    doc: str | None


@dataclass(frozen=True, slots=True)
class CommitteeWork:
    """A project or honour of the provincial committee (item 4)."""

    kind: WorkKind
    status: WorkStatus
    role: WorkRole
    date: date
    doc: str | None


@dataclass(frozen=True, slots=True)
class Award:
    """An award of a student or team (item 6)."""

    relation: Relation
    holder: AwardHolder
    level: Level
    date: date
    doc: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that section 4 is judged by."""

    birth_date: date | None = None
    branch_kind: BranchKind | None = None
    appointments: tuple[Appointment, ...] = ()
    titles: tuple[Title, ...] = ()
    political_attestation: bool | None = None
    staffing_met: bool | None = None
    clean_record: CleanRecord = CleanRecord()
    field: str = ""
    commendations: tuple[Commendation, ...] = ()
    publications: tuple[Publication, ...] = ()
    appraisals: tuple[Appraisal, ...] = ()
    committee_works: tuple[CommitteeWork, ...] = ()
    awards: tuple[Award, ...] = ()


@dataclass(frozen=True, slots=True)
class EligibilitySettings:
    """The cycle's settings that section 4 is read by."""

    age_reading: AgeReading = AgeReading.COMPLETED_YEARS
    appraisal_years: AppraisalYears = AppraisalYears.LATEST_TWO
    tenure_branch: TenureBranch = TenureBranch.ANY


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application to judge: its track, the day it is judged on, the settings of its cycle, its facts."""

    id: str
    track: Track
    as_of: date
    settings: EligibilitySettings = field(default_factory=EligibilitySettings)
    facts: Facts
