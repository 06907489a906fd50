"""The queries, area by area: functions of a session that say in their name what they find or change."""
