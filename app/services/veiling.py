"""Blind review (C5.3b): what a reviewer is told in the place of a case that they may not know."""

from dataclasses import replace
from typing import Any

from app.services.acting import Act
from app.services.hooks import Case

_HALF = 4


def code_of(act: Act, business_key: str) -> str:
    """Return what reviewers call an application: only with the installation's secret it leads to the case."""
    digest = act.ports.sealer.digest(business_key, "blind review").upper()
    return f"评审件 {digest[:_HALF]}-{digest[_HALF : 2 * _HALF]}"


def title_of(act: Act, listed: Any) -> str:
    """Return what a list calls a case, of whose row it has ``case_title``, ``business_key`` and ``is_veiled``."""
    title: str = code_of(act, listed.business_key) if listed.is_veiled else listed.case_title
    return title


def veiled(act: Act, case: Case) -> Case:
    """Return a case as its reviewers meet it: by its code, without any id by which others know it."""
    return replace(case, public_id="", business_key="", title=code_of(act, case.business_key))
