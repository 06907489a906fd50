"""The guides of docs/guide, one per role and language: which one fits a page, and how it is drawn."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from flask_babel import gettext
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token
from markupsafe import Markup

from app.config import PROJECT
from app.domain.clauses import CLAUSES
from app.domain.roles import POLICIES, RoleKey
from app.services.acting import Actor
from app.web.languages import language
from app.web.presenting import clause_address, role_name

FOLDER = PROJECT / "docs" / "guide"
PUBLIC_GUIDE = "public"
GUIDES: tuple[str, ...] = (*POLICIES, PUBLIC_GUIDE)
"""Every guide's name: a role's key, or the public's; the file is ``<name>.<language>.md``."""

_ROOMS: dict[str, tuple[RoleKey, ...]] = {
    "workshop": (RoleKey.DESIGNER, RoleKey.PUBLISHER),
    "audit": (RoleKey.AUDITOR,),
    "admin": (RoleKey.SYSADMIN, RoleKey.SECADMIN, RoleKey.UNIT_ADMIN),
    "applications": (RoleKey.HOST,),
}
"""The area of a page → the roles whose guides tell about it."""

_MARKED = re.compile(r"「([^」]+)」|\b(C[2-6]\.[0-9]+(?:\.[0-9]+)?[a-z]?)\b")


@dataclass(frozen=True, slots=True)
class Guide:
    """A guide as it is shown: its title, its sections (place in the page, heading), its text."""

    name: str
    title: str
    sections: tuple[tuple[str, str], ...]
    text: Markup


@lru_cache(maxsize=64)
def read_guide(name: str, tongue: str) -> str:
    """Return a guide's Markdown."""
    return (FOLDER / f"{name}.{tongue}.md").read_text(encoding="utf-8")


def show_guide(name: str) -> Guide:
    """Draw a guide: labels of pages stand out, clauses lead to their text, no HTML of its own gets through."""
    writer = _writer()
    tokens = writer.parse(read_guide(name, language()))
    headings = list(_headings(tokens))
    text = Markup(writer.renderer.render(_after_title(tokens), writer.options, {}))  # noqa: S704 - html is off
    return Guide(name, headings[0][1], tuple(headings[1:]), text)


def place_of(heading: str) -> str:
    """Return the place of a section in its page: a link may name a task by its title."""
    return "-".join(heading.split())


def _writer() -> MarkdownIt:
    writer = MarkdownIt("commonmark", {"html": False}).enable("table")
    writer.add_render_rule("text", _write_text)
    return writer


def _write_text(_renderer: object, tokens: Sequence[Token], index: int, *_rest: object) -> str:
    return _MARKED.sub(_mark, escapeHtml(tokens[index].content))


def _mark(found: re.Match[str]) -> str:
    label, clause = found.groups()
    if label:
        return f'<b class="label">{label}</b>' if language() == "en" else f'<b class="label">「{label}」</b>'
    return f'<a class="clause" href="{clause_address(clause)}">{clause}</a>' if clause in CLAUSES else clause


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[str, str]]:
    """Give each heading its place; the first one is the title."""
    for token, inside in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", place_of(inside.content))
            yield place_of(inside.content), inside.content


def _after_title(tokens: list[Token]) -> list[Token]:
    return tokens[3:] if tokens[0].type == "heading_open" else tokens


def guide_title(name: str) -> str:
    """Write whose guide it is."""
    return str(gettext("The public")) if name == PUBLIC_GUIDE else role_name(name)


def guides_for(actor: Actor | None, *, area: str = "", lane: str = "") -> tuple[str, ...]:
    """Return the guides that fit, the best first: the task's role, the page's room, the person's own roles.

    Only the person's own roles are offered; whoever has not signed in, or holds none, is told what the public may do.
    """
    held = list(dict.fromkeys(held.role.value for held in actor.held)) if actor else []
    wanted = [lane, *_ROOMS.get(area, ())]
    best = [name for name in wanted if name in held]
    return tuple(dict.fromkeys([*best, *held])) or (PUBLIC_GUIDE,)
