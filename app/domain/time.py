"""The programme's time zone."""

from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
"""All calendar dates of the programme are days in this zone (rules: Time zone Asia/Shanghai)."""
