"""What models, services and the trail say, in the page's language."""

import pytest
from flask import Flask

from app.web.audit.telling import object_told, result_told
from app.web.cases.presenting import proves, rules_said
from app.web.english import listing_said, said

TASK = "0" * 32


@pytest.fixture(params=["zh", "en"])
def tongue(request: pytest.FixtureRequest, web: Flask):
    """Within a page in Chinese, then in English."""
    with web.test_request_context(headers={"Cookie": f"language={request.param}"}):
        yield request.param


@pytest.mark.parametrize(
    ("speak", "given", "chinese", "english"),
    [
        (said, "初评", "初评", "Initial review"),
        (said, "本单位自拟环节", "本单位自拟环节", "本单位自拟环节"),
        (listing_said, "高校 1；中小学校 12", "高校 1；中小学校 12", "Universities 1; Schools 12"),
        (listing_said, "2026年7月8日 24:00", "2026年7月8日 24:00", "8 Jul 2026 24:00"),
        (listing_said, "评审件 AB12-CD34", "评审件 AB12-CD34", "Review item AB12-CD34"),
        (listing_said, "文件完全相同；任职经历；聘书.pdf；第 2 页；相差 3/256",
         "文件完全相同；任职经历；聘书.pdf；第 2 页；相差 3/256",
         "The same file; Appointments; 聘书.pdf; page 2; apart by 3/256"),
        (listing_said, "回避 2 件：本单位 1、亲属 1", "回避 2 件：本单位 1、亲属 1",
         "Stands aside from 2 cases: Own unit 1, Kin 1"),
        (listing_said, "师生（博士生导师）〔2025年度所记〕", "师生（博士生导师）〔2025年度所记〕",
         "Adviser or student (博士生导师) [2025年度所记]"),
        (listing_said, "西北大学、高校", "西北大学、高校", "西北大学、高校"),
        (proves, "declare_discipline", "纪检机构声明", "Discipline declaration"),
        (proves, "unheard_of", "", ""),
        (object_told, "start", "案卷", "Case"),
        (object_told, f"initial_review/{TASK} form 27", "初评（表单第 27 版）", "Initial review (form version 27)"),
        (object_told, f"of_their_own/{TASK}", "of_their_own", "of_their_own"),
        (object_told, "message/list_outcome", "消息：名单办理结果", "Message: outcome of the list"),
        (object_told, "application/SQ-2026-0001", "申报 SQ-2026-0001", "Application SQ-2026-0001"),
        (object_told, f"evidence/{'x' * 22}", "文件", "File"),
        (object_told, "甘教工委〔2026〕36号", "甘教工委〔2026〕36号", "甘教工委〔2026〕36号"),
        (result_told, "revision 2: opened release_call", "进入：审发申报通知", "now open: Release the call"),
        (result_told, "revision 1: ended", "案卷办结", "the case has ended"),
        (result_told, "revision 4: opened ", "系统继续办理", "the case goes on by itself"),
        (result_told, "done", "已办", "Done"),
        (result_told, "prelim@U1 2026-01-01/", "初评单位 · U1 · 2026-01-01", "Initial review · U1 · 2026-01-01"),
        (result_told, "0123abc", "0123abc", "0123abc"),
        (rules_said, "eligibility_school · 部署 1 · 设置第 2 版", "eligibility_school · 部署 1 · 设置第 2 版",
         "eligibility_school · deployment 1 · settings version 2"),
        (rules_said, "otherwise", "otherwise", "otherwise"),
    ],
)  # fmt: skip
def test_words_are_said_in_the_page_s_language(tongue, speak, given, chinese, english):
    assert speak(given) == (chinese if tongue == "zh" else english)


def test_tasks_of_one_step_are_counted(tongue):
    told = result_told("revision 3: opened material_review,material_review,material_review")
    assert told == ("进入：材料评审 （3 件）" if tongue == "zh" else "now open: Material review (3 tasks)")
