"""A notice's values in its reader's language: tasks by their names, blind reviews by their codes."""

from app.domain.notice_texts import Tongue
from app.services.notifying.wording import in_tongue

GIVEN = {"task": "材料评审", "case": "评审件 AB12-CD34", "due": "2026-05-06T00:00:00+00:00", "unit": "示例学院"}


def test_words_of_ours_are_told_in_english_and_data_stays():
    assert in_tongue(GIVEN, Tongue.CHINESE) == GIVEN
    assert in_tongue(GIVEN, Tongue.ENGLISH) == {**GIVEN, "task": "Material review", "case": "Review item AB12-CD34"}
    assert in_tongue({"case": "示例大学第一党支部工作室"}, Tongue.ENGLISH) == {"case": "示例大学第一党支部工作室"}
