"""Moments and settings in the words of an office."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from app.domain.time import SHANGHAI
from app.domain.units import SCHOOLING_NAMES, TRACK_NAMES

_WORDS: Mapping[str, str] = {
    "any": "任一支部",
    "applying": "仅所申报支部",
    "completed_years": "按周岁",
    "strict": "不超过规定岁数生日当天",
    "latest_two": "最近两个完整年度",
    "any_two_in_three": "最近三个完整年度中连续两年",
    "any_two": "任意连续两年",
    **{schooling.value: name for schooling, name in SCHOOLING_NAMES.items()},
    **{track.value: name for track, name in TRACK_NAMES.items()},
}


def moment_text(moment: datetime) -> str:
    """Return a moment as an office writes it; midnight is the 24:00 of the day before."""
    local = moment.astimezone(SHANGHAI)
    if (local.hour, local.minute) == (0, 0):
        eve = local - timedelta(days=1)
        return f"{eve.year}年{eve.month}月{eve.day}日 24:00"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def beginning_text(moment: datetime) -> str:
    """Return a moment at which something begins; midnight is the 00:00 of its own day."""
    local = moment.astimezone(SHANGHAI)
    return f"{day_text(local.date())} {local:%H:%M}"


def day_text(day: date) -> str:
    """Return a day as an office writes it."""
    return f"{day.year}年{day.month}月{day.day}日"


def setting_text(value: Any) -> str:
    """Return the JSON value of a cycle's setting in Chinese words."""
    if value is None or value in ({}, []):
        return "不限" if value is None or value == {} else "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Mapping) and "weight" in value:
        return f"{value['name']} {value['weight']}%"
    if isinstance(value, Mapping):
        return "；".join(f"{_WORDS.get(key, key)} {setting_text(item)}" for key, item in value.items())
    if isinstance(value, list):
        parts = [setting_text(item) for item in value]
        return "/".join(parts) if all(isinstance(item, int) for item in value) else "、".join(parts)
    return _WORDS.get(str(value), str(value))
