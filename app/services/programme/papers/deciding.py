"""Papers of the joint decisions: the records of the panel, and the document that announces (C5.3d, C5.3e)."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from fractions import Fraction
from itertools import groupby
from typing import Any

from app.domain.papers import PaperKind
from app.domain.recusal import RECUSAL_NAMES
from app.domain.scoring import round_half_up
from app.domain.time import SHANGHAI
from app.domain.units import TRACK_NAMES
from app.services.acting import Act
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.papers.letters import Letter, Table
from app.services.programme.parties import undertaking_unit_id
from app.services.programme.stages import STAGES
from app.services.programme.subjects import application_of, cycle_of, last_values, settings_of
from app.services.programme.wording import moment_text
from app.services.studios import school_of, studio_name
from app.store.models import AnnulledScore, Cycle, Person
from app.store.queries import annulments, cycles
from app.store.queries import panel as rows
from app.store.queries.lines import line_of, lines_of


@composes(PaperKind.PANEL_RECORD)
def panel_record(act: Act, event: Event) -> Content:
    """Who was expected, present and recused, the ranking with scores and votes, and the shortlist (C5.3d)."""
    cycle = cycle_of(act, event.case)
    if event.case.process_key == "application":
        return _record_of_one(act, event, cycle)
    values = last_values(act, event.case, "decide_shortlist")
    settings = settings_of(cycle)
    counted = _counted(values)
    letter = Letter(
        issuer=_province(act),
        dated=event.at,
        paragraphs=[
            (
                f"{cycle.title}专家评审组应到{counted['expected']}人，实到{counted['present']}人，"
                f"回避{counted['recused']}人，符合到会不少于{_share(settings.quorum)}的规定。"
            ),
            (
                f"材料评审占{settings.material_weight}%，答辩占{settings.defense_weight}%；"
                f"同意票超过到会人数{_share(settings.majority)}的，在名额内入围。"
            ),
            f"评审组成员：{'；'.join(_members(act, cycle))}。",
            f"回避：{'；'.join(_recusals(act, cycle)) or '无'}。",
            f"评议纪要：{values.get('minutes') or ''}",
            *_annulled(act, cycle),
        ],
        table=_ranking(values),
        signatures=_signatures(values["present"]),
        more={**counted, "cycle": cycle.title, "minutes": str(values.get("minutes") or "")},
    )
    return Content(f"{cycle.title}评审记录", letter.facts())


def _record_of_one(act: Act, event: Event, cycle: Cycle) -> Content:
    """The panel's second vote on one case, with the scores that count and those that were annulled."""
    values, application = last_values(act, event.case, "reconsider"), application_of(act, event.case)
    counted = _counted(values)
    outcome = "入围" if values["decision"] == "shortlisted" else "未入围"
    letter = Letter(
        issuer=_province(act),
        dated=event.at,
        paragraphs=[
            (
                f"{cycle.title}专家评审组对{event.case.title}复议：应到{counted['expected']}人，"
                f"实到{counted['present']}人，回避{counted['recused']}人。"
            ),
            (
                f"材料分{_points(application.material_score)}，答辩分{_points(application.defense_score)}，"
                f"总分{_points(application.final_score)}；同意{values['votes']}票，{outcome}。"
            ),
            f"理由：{values['reason']}",
            *_annulled(act, cycle, application.public_id),
        ],
        signatures=_signatures(values["present"]),
        more={**counted, "cycle": cycle.title, "minutes": str(values["reason"])},
    )
    return Content(f"{cycle.title}复议记录", letter.facts())


def _counted(values: Mapping[str, Any]) -> dict[str, str]:
    """Who was expected at a vote, present and recused."""
    return {name: str(values[name]) for name in ("expected", "present", "recused")}


def _signatures(present: int) -> list[str]:
    return ["组长（签名）", *["成员（签名）"] * max(present - 1, 0), "记录人（签名）", "监督人（签名）"]


def _annulled(act: Act, cycle: Cycle, application: str | None = None) -> Iterator[str]:
    """What was annulled and counts no more, a paragraph a case and annulment: both results are kept."""
    found = annulments.annulled_in(act.session, cycle.id, application)
    for (_, stage, at), given in groupby(found, key=lambda each: (each[2].id, each[0].stage, each[0].at)):
        listed = list(given)
        score, _, branch = listed[0]
        totals = "，".join(_total(row, person) for row, person, _ in listed)
        yield (
            f"已撤销、不计入结果的评分：{studio_name(branch.name)}，{STAGES[stage].name}：{totals}"
            f"（{moment_text(at)}撤销，理由：{score.reason.rstrip('。')}）。"
        )


def _total(row: AnnulledScore, person: Person | None) -> str:
    return f"{person.name if person else '答辩平均'} {_points(row.total)} 分"


def _points(score: str | None) -> str:
    return "—" if score is None else str(round_half_up(Fraction(score)))


def _share(part: tuple[int, int]) -> str:
    return f"{part[0]}/{part[1]}"


def _province(act: Act) -> str:
    return line_of(act.session, undertaking_unit_id(act), act.today)[-1].name


def _members(act: Act, cycle: Cycle) -> Iterator[str]:
    for member, person, _, unit in rows.panel_of(act.session, cycle.id):
        if member.voting and member.confirmed_at is not None:
            yield f"{person.name}（{unit.name}）" if unit else person.name


def _recusals(act: Act, cycle: Cycle) -> Iterator[str]:
    for recusal, person, branch in rows.recusals_of(act.session, cycle.id):
        reason = RECUSAL_NAMES.get(recusal.reason, "为使人数成单数抽签")
        yield f"{studio_name(branch.name)}：{person.name}（{reason}）"


def _ranking(values: dict[str, object]) -> Table:
    columns = {
        "类别": 3, "名次": 2, "工作室": 7, "材料分": 3, "答辩分": 3, "总分": 3, "同意票": 3, "结果": 3, "说明": 4,
    }  # fmt: skip
    items = values["items"]
    listed = [
        [
            *(str(row.get(key) or "") for key in _SHOWN),
            str(row.get("votes") or 0),
            "入围" if row.get("shortlisted") else "未入围",
            str(row.get("reason") or ""),
        ]
        for row in (items if isinstance(items, list) else [])
    ]
    return Table(columns, listed, "评审结果")


_SHOWN = ("track_name", "place", "title", "material_score", "defense_score", "final_score")


@composes(PaperKind.ANNOUNCEMENT)
def announcement(act: Act, event: Event) -> Content:
    """The document that announces the approved studios, under the number that the office gave it (C5.3e)."""
    cycle = cycle_of(act, event.case)
    drafted = last_values(act, event.case, "prepare_announcement")
    day = date.fromisoformat(drafted["announced_on"])
    letter = Letter(
        issuer=_province(act),
        dated=datetime.combine(day, time(), SHANGHAI),
        addressee="各市州教育工作部门，各高校党委",
        paragraphs=[part for part in str(drafted["text"]).splitlines() if part.strip()],
        table=_announced(act, event),
        more={"cycle": cycle.title},
    )
    return Content(drafted["title"], letter.facts(), number=drafted["document_number"])


def _announced(act: Act, event: Event) -> Table:
    announced = cycles.announced_applications(act.session, event.case.cycle_id or 0)
    meant = event.about.get("applications")
    found = [each for each in announced if meant is None or each[0].public_id in meant]
    above = lines_of(act.session, [branch.id for *_, branch in found], act.today)
    listed = [
        [
            str(place),
            TRACK_NAMES[application.track],
            studio_name(branch.name),
            host.name,
            school_of(above[branch.id]).name,
        ]
        for place, (application, host, branch) in enumerate(found, start=1)
    ]
    columns = {"序号": 2, "类别": 3, "工作室": 8, "主持人": 3, "所在学校": 5}
    return Table(columns, listed, "“双优”党支部书记工作室名单")
