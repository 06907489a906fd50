"""The pledge of an expert as a paper: numbered, with what they declared, for them and for whoever forms the panel."""

import io

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import select

from app.store.models import Paper
from tests.factories.playing import Play
from tests.integration.services.test_forming import cycle_of
from tests.integration.services.test_panel import FIVE, ONE, checked
from tests.integration.web.conftest import Visitor


@pytest.fixture
def play(stage) -> Play:
    return Play(stage)


def test_who_accepts_signs_a_pledge_that_can_be_printed(web: Flask, play: Play) -> None:
    (case,) = checked(play, *ONE)
    play.propose_panel(FIVE)
    play.answer("expert3", conflicts=[{"row_key": "t1", "case": case, "kind": "adviser", "note": "博士生导师"}])
    play.answer("expert4", "decline")
    play.catch_up()
    with play.stage.database.reading() as session:
        (paper,) = session.scalars(select(Paper).where(Paper.kind == "pledge")).all()
    assert (paper.number, paper.by_id) == ("双优诺〔2026〕1号", play.province.people["expert3"])

    signer = Visitor(web.test_client()).enter(play.province.people["expert3"])
    assert f"/papers/{paper.public_id}.pdf" in signer.get("/reviews").text
    pages = PdfReader(io.BytesIO(signer.get(f"/papers/{paper.public_id}.pdf").data)).pages
    printed = "".join("".join(page.extract_text() for page in pages).split())
    assert {
        word for word in ("人员expert3", "师生", "博士生导师", "承诺人（签名）", paper.number) if word not in printed
    } == set()

    office = Visitor(web.test_client()).enter(play.province.people["secretariat"])
    assert f"/papers/{paper.public_id}.docx" in office.get(f"/panel/{cycle_of(play, case)}").text
    assert office.get(f"/papers/{paper.public_id}.docx").status_code == 200
    for login in ("expert5", "host_u1", "prelim_u1"):
        outsider = Visitor(web.test_client()).enter(play.province.people[login])
        assert outsider.get(f"/papers/{paper.public_id}.pdf").status_code == 404
