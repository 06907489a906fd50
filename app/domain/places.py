"""What figures are grouped by, and the province's fourteen cities and prefectures roughly where they lie on a map."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class By(StrEnum):
    """What figures are grouped by: the city or county a studio stands under, or the year it was approved in."""

    CITY = "city"
    COUNTY = "county"
    YEAR = "year"


@dataclass(frozen=True, slots=True)
class Place:
    """A city or prefecture: its short name, and its tile from the north-west."""

    name: str
    column: int
    row: int


PLACES: Mapping[str, Place] = {
    "620900": Place("酒泉", 1, 1),
    "620200": Place("嘉峪关", 2, 1),
    "620700": Place("张掖", 2, 2),
    "620300": Place("金昌", 3, 2),
    "620600": Place("武威", 3, 3),
    "620400": Place("白银", 4, 3),
    "621000": Place("庆阳", 6, 3),
    "622900": Place("临夏", 2, 4),
    "620100": Place("兰州", 3, 4),
    "621100": Place("定西", 4, 4),
    "620800": Place("平凉", 5, 4),
    "623000": Place("甘南", 2, 5),
    "621200": Place("陇南", 4, 5),
    "620500": Place("天水", 5, 5),
}
"""By administrative code, which is the code of the city's education department among the units."""
