"""A studio at the end of its term: its acceptance open, its people at work."""

import io
from datetime import date
from typing import Any

from app.domain.acceptance import DIMENSIONS
from app.services.evidence import Upload
from app.services.programme.acceptance.onsite import (
    ReceivedSheet,
    Sheet,
    hand_in_sheet,
    keep_photo,
    sheet_received,
)
from app.services.programme.acceptance.opening import begin_acceptance
from app.services.programme.succession.wishing import wish_change
from app.store.models import Acceptance, StudioCommitment
from app.store.queries import acceptance as rows
from tests.factories.acts import Stage
from tests.factories.playing import pdf
from tests.factories.studios import Building

COMMITMENTS = (("C3.1", "开展理论学习", "每月一次"), ("C3.3", "接待观摩", "每年三场"))
INSPECTORS = ("expert3", "expert4", "expert5")


class Accepting(Building):
    """A studio whose plan commits it to two things and whose term is taken for over.

    ``wished``: a change of its host is under way.
    """

    def __init__(self, stage: Stage, *, wished: bool = False) -> None:
        super().__init__(stage)
        self.key = self.open("host_u1", "U2B1")
        if wished:
            with stage.acting(self.province.people["host_u1"]) as act:
                wish_change(act, studio=self.key)
        with stage.acting() as act:
            studio = self.studio(self.key)
            for number, (heading, text, measure) in enumerate(COMMITMENTS, start=1):
                act.session.add(
                    StudioCommitment(studio_id=studio.id, number=number, heading=heading, text=text, measure=measure)
                )
            begin_acceptance(act, {"case": studio.instance_id})
        self.work()

    @property
    def acceptance(self) -> Acceptance:
        with self.stage.database.reading() as session:
            found = rows.acceptance_of(session, self.studio(self.key).id)
            assert found is not None
            return found

    @property
    def case(self) -> str:
        """What the acceptance's case is about."""
        return self.acceptance.public_id

    def self_assess(self) -> None:
        task_id = self.task("self_assess", self.case)
        shown = self.context("host_u1", task_id)
        with self.stage.acting(self.province.people["host_u1"]) as act:
            listed = [
                {
                    "row_key": row["row_key"],
                    "kept": "full",
                    "account": "已完成。",
                    "doc": [self.upload(act, task_id, "self_assessment", row["row_key"])],
                }
                for row in shown["commitments"]
            ]
        dimensions = [{"row_key": row["row_key"], "account": "良好。"} for row in shown["dimensions"]]
        values = {"commitments": listed, "dimensions": dimensions, "summary": "三年总结。", "pledge": True}
        self.complete("host_u1", "self_assess", task_id, values)
        self.work()

    def name(self, *logins: str) -> None:
        """Name these experts to inspect."""
        task_id = self.task("name_inspectors", self.case)
        shown = self.context("province", task_id)["experts"]
        chosen = {self.province.public_ids[login] for login in logins}
        listed = [{"row_key": row["row_key"], "chosen": row["person"] in chosen, "note": None} for row in shown]
        self.complete("province", "name_inspectors", task_id, {"experts": listed, "visit_on": "2029-03-10"})
        self.work()

    def sheet(self, login: str, score: float, found: str = "full", **changes: Any) -> dict[str, Any]:
        """What an inspector fills in."""
        shown = self.context(login, self.task("inspect", self.case, login))
        return {
            "visited_on": "2026-03-02",
            "office_area": 20,
            "commitments": [{"row_key": row["row_key"], "found": found, "note": None} for row in shown["commitments"]],
            "dimensions": [{"row_key": row["row_key"], "score": score, "note": None} for row in shown["dimensions"]],
            "opinion": "情况属实。",
            "no_conflict": True,
            "signature": "签名",
            **changes,
        }

    def send(self, login: str, key: str, values: dict[str, Any], task_id: str) -> ReceivedSheet:
        """Send a sheet from a phone, with a photo, as the page's route takes it."""
        with self.stage.reading(self.province.people[login]) as act:
            known = sheet_received(act, task_id=task_id, key=key)
        if known is not None:
            return known
        photo = Upload("照片.pdf", io.BytesIO(pdf(f"{login}{key}")))
        with self.stage.acting(self.province.people[login]) as act:
            photos = [keep_photo(act, task_id=task_id, upload=photo)]
        with self.stage.acting(self.province.people[login]) as act:
            return hand_in_sheet(act, sheet=Sheet(task_id, key, {**values, "photos": photos}, 0))

    def inspect(self, scores: dict[str, float], found: str = "full") -> None:
        for login, score in scores.items():
            task_id = self.task("inspect", self.case, login)
            self.send(login, f"sheet-{login}-{self.acceptance.visit}", self.sheet(login, score, found), task_id)
        self.work()

    def conclude(self, decision: str, **more: Any) -> None:
        task_id = self.task("conclude", self.case)
        shown = self.context("province", task_id)
        listed = [{"row_key": row["row_key"]} for row in shown["inspections"]]
        number = None if decision == "again" else "甘教工委〔2029〕7号"
        values = {"inspections": listed, "document_number": number, "opinion": "同意。", **more}
        self.complete("province", "conclude", task_id, {**values, "decision": decision})
        self.work()

    def mend(self) -> None:
        self.do("host_u1", "rectify", {"account": "已整改。", "_files": ()} | self._proof(), self.case)

    def _proof(self) -> dict[str, Any]:
        task_id = self.task("rectify", self.case)
        with self.stage.acting(self.province.people["host_u1"]) as act:
            return {"doc": [self.upload(act, task_id, "rectification")]}


TODAY = date(2026, 3, 2)
ALL = tuple(each.key for each in DIMENSIONS)
