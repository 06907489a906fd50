"""Made-up names: schools, faculties, branches and people that exist nowhere, the same at every first start."""

import random
from collections.abc import Iterator
from dataclasses import dataclass

_SURNAMES = tuple("林沈叶温崔顾康苏陆程傅姚邵钟孟唐阎贺龚裴柯梅莫尹项祁")
_GIVEN = tuple(
    first + last
    for first, last in zip(
        "知砚怀以一南行书景映望青思云静若明清嘉念承语修致沐疏亦执守雨松含晓时予牧长听拾",
        "遥秋川宁鸣亭舟言和雪舒禾齐帆姝谷远越树慈泽桐之达阳影安中拙辰年章岚霖霁野庚澜光",
        strict=True,
    )
)
_SCHOOL_WORDS = (
    "知行",
    "启文",
    "致远",
    "弘毅",
    "求索",
    "明理",
    "崇实",
    "笃学",
    "向阳",
    "清泉",
    "青禾",
    "晨曦",
    "春晖",
    "望岳",
    "河畔",
    "新苗",
    "思源",
    "文昌里",
    "育才路",
    "金川路",
)
_SCHOOL_KINDS = (("小学", "primary_secondary"), ("初级中学", "primary_secondary"), ("高级中学", "primary_secondary"))
_BRANCHES = ("语文组", "数学组", "英语组", "理科组", "文科组", "低年级组", "高年级组", "行政后勤")
FACULTIES = ("材料与能源学院", "人文与传播学院", "数理与信息学院")


@dataclass(frozen=True, slots=True)
class MadeUpUnit:
    """A line of the units import: ``kind``, ``superior`` and ``governance`` in the import's own words."""

    code: str
    name: str
    kind: str
    superior: str
    governance: str = ""
    schooling: str = ""


def people_names(seed: int) -> Iterator[str]:
    """Yield made-up names of two or three characters, none twice, always in the same order for a ``seed``."""
    pairs = [surname + given for surname in _SURNAMES for given in _GIVEN]
    random.Random(seed).shuffle(pairs)  # noqa: S311 - a repeatable order, not a secret
    yield from pairs


def schools_of(county_code: str, county_name: str, chance: random.Random) -> Iterator[MadeUpUnit]:
    """Yield two to four schools that a county runs, each with one to six branches."""
    place = county_name.removesuffix("教育工作部门")
    for number, word in enumerate(chance.sample(_SCHOOL_WORDS, chance.randint(2, 4)), start=1):
        kind, schooling = chance.choice(_SCHOOL_KINDS)
        code = f"{county_code}-S{number}"
        yield MadeUpUnit(code, f"{place}{word}{kind}", "school", county_code, "county_run", schooling)
        yield from branches_of(code, f"{place}{word}{kind}", chance.randint(1, 6))


def city_school(city_code: str, city_name: str, number: int) -> Iterator[MadeUpUnit]:
    """Yield a school that a city runs, with three branches."""
    name = f"{city_name.removesuffix('教育工作部门')}{_SCHOOL_WORDS[-number]}实验学校"
    code = f"{city_code}-S{number}"
    yield MadeUpUnit(code, name, "school", city_code, "city_run", "primary_secondary")
    yield from branches_of(code, name, 3)


def branches_of(code: str, name: str, count: int) -> Iterator[MadeUpUnit]:
    """Yield a school's branches, named in full."""
    for number, group in enumerate(_BRANCHES[:count], start=1):
        yield MadeUpUnit(f"{code}-B{number}", f"{name}{group}党支部", "branch", code)


def university_parts(code: str, name: str) -> Iterator[MadeUpUnit]:
    """Yield a university's three faculty committees, each with three branches."""
    for number, faculty in enumerate(FACULTIES, start=1):
        committee = f"{code}-F{number}"
        yield MadeUpUnit(committee, f"{name}{faculty}党委", "faculty", code)
        for branch, words in enumerate(("教工第一党支部", "教工第二党支部", "教工第三党支部"), start=1):
            yield MadeUpUnit(f"{committee}-B{branch}", f"{name}{faculty}{words}", "branch", committee)
    yield MadeUpUnit(f"{code}-B1", f"{name}机关第一党支部", "branch", code)


def attached_school(code: str, name: str) -> Iterator[MadeUpUnit]:
    """Yield a school attached to a university, with two branches."""
    school = f"{code}-S1"
    yield MadeUpUnit(school, f"{name}附属学校", "school", code, "university_attached", "primary_secondary")
    yield from branches_of(school, f"{name}附属学校", 2)
