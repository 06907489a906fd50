"""The tally sheet of a session of defenses, to be signed by everybody who sat in it (C5.3c)."""

from fractions import Fraction

from app.domain.defense import seed_of
from app.domain.papers import PaperKind
from app.domain.scoring import mean, round_half_up
from app.domain.states import SlotState
from app.services.acting import Act
from app.services.papers.ordering import Content, Event, composes
from app.services.programme.papers.letters import Letter, Table
from app.services.programme.wording import moment_text
from app.services.studios import studio_name
from app.store.models import DefenseScore, DefenseSession, Person, ScoreWay
from app.store.queries import defense as rows
from app.store.queries.lines import line_of

_SIGNING = ("计分人（签名）", "核对人（签名）", "监督人（签名）")
_COLUMNS = {"序号": 2, "受理号": 6, "工作室": 6, "主持人": 3, "到场": 4, "专家评分": 7, "平均分": 3}


@composes(PaperKind.DEFENSE_TALLY)
def tally(act: Act, event: Event) -> Content:
    """Who was heard in which order, who came, what each expert gave and how it came in."""
    found = rows.session_of(act.session, event.about["session"])
    if found is None:
        raise LookupError(f"no session {event.about['session']}")
    session, cycle = found
    slots = rows.slots_of(act.session, session.id)
    ids = [slot.application_id for slot, *_ in slots]
    given: dict[int, list[tuple[DefenseScore, Person]]] = {each: [] for each in ids}
    for score, person in rows.scores_of(act.session, ids):
        given[score.application_id].append((score, person))
    seats = rows.seats_of(act.session, ids)
    sat = dict.fromkeys(person.name for seat, person in seats if seat.left_at is None)
    left = [f"{person.name}（{seat.reason}）" for seat, person in seats if seat.left_at is not None]
    listed = [
        [
            str(slot.lot or ""),
            application.receipt_number or "",
            studio_name(branch.name),
            host.name,
            "未到场" if slot.state is SlotState.ABSENT else f"本人到场（{slot.document}）",
            "；".join(f"{person.name} {score.score}" for score, person in given[slot.application_id]),
            _mean(given[slot.application_id]),
        ]
        for slot, application, _, host, branch, _ in slots
    ]
    issuer = line_of(act.session, slots[0][4].id, act.today)[-1].name
    letter = Letter(
        issuer=issuer,
        dated=event.at,
        paragraphs=[
            f"{cycle.title}“{session.title}”于{moment_text(session.starts_at)}在{session.room}举行。",
            _lots(session),
            f"中途回避：{'；'.join(left) or '无'}。未到场的，答辩分计为零分。",
            *_by_paper(given),
        ],
        table=Table(_COLUMNS, listed, "答辩计分"),
        signatures=["组长（签名）", *(f"{name}（签名）" for name in sat), *_SIGNING],
        more={
            "session": session.title,
            "room": session.room,
            "cycle": cycle.title,
            "seed": seed_of(session.nonce, session.word or ""),
        },
    )
    return Content(f"{session.title}计分表", letter.facts())


def _lots(session: DefenseSession) -> str:
    seed = seed_of(session.nonce, session.word or "")
    return (
        f"答辩顺序抽签：见证人{session.witness}给出“{session.word}”，种子为 {seed} ，"
        "按“种子:受理号”的 SHA-256 值由小到大排列，任何人可以复算。"
    )


def _by_paper(given: dict[int, list[tuple[DefenseScore, Person]]]) -> list[str]:
    """What of the scores came from paper, and what of it the chair settled."""
    scores = [each for group in given.values() for each in group]
    keyed = sum(score.way is ScoreWay.SHEETS for score, _ in scores)
    told = [f"其中 {keyed} 份纸质评分表由两人分别录入，结果一致。"] if keyed else []
    settled = [f"{person.name}（{score.reason}）" for score, person in scores if score.way is ScoreWay.SETTLED]
    return told + ([f"两人录入不一致，由组长核对原件认定：{'；'.join(settled)}。"] if settled else [])


def _mean(scores: list[tuple[DefenseScore, Person]]) -> str:
    exact = [Fraction(score.score) for score, _ in scores]
    return str(round_half_up(mean(exact, is_trimmed=False))) if exact else "0.00"
