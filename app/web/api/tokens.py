"""Calls about bearer tokens."""

from datetime import datetime
from http import HTTPStatus
from typing import Annotated

from apiflask import APIBlueprint
from flask import Response
from pydantic import Field

from app.domain.tokens import LONGEST_LIFE, LONGEST_NAME, USUAL_LIFE, Scope
from app.services.accounts import SignInFailed
from app.services.factors import SecondFactorUnreadable, SecondFactorWrong
from app.services.guessing import SignInLocked
from app.services.tokens import PasswordTooOld, Proof, SecondFactorNeeded, TokenUnnamed, WantedToken, issue_token
from app.web.access import PUBLIC, access
from app.web.acting import acting
from app.web.api.answers import answer_with, refusals
from app.web.api.shapes import Asked, Shape

bp = APIBlueprint("tokens", __name__, tag="Tokens")

_REFUSED = (
    SignInFailed,
    SignInLocked,
    SecondFactorNeeded,
    SecondFactorWrong,
    SecondFactorUnreadable,
    PasswordTooOld,
    TokenUnnamed,
)


class TokenWanted(Asked):
    """Who you are, and what the token is to be good for."""

    login: Annotated[str, Field(max_length=100)]
    password: Annotated[str, Field(max_length=200)]
    otp: Annotated[
        str, Field(max_length=40, description="Where you have a second factor: a code of your app, or a recovery code.")
    ] = ""
    name: Annotated[str, Field(min_length=1, max_length=LONGEST_NAME, description="By which you will know it again.")]
    scopes: Annotated[list[Annotated[Scope, Field(strict=False)]], Field(min_length=1, max_length=len(Scope))]
    days: Annotated[int, Field(ge=1, le=LONGEST_LIFE.days, description="How long it holds.")] = USUAL_LIFE.days


class TokenGiven(Shape):
    """A token: shown now and never again. ``id`` names it on your profile's page, where it can be revoked."""

    token: str
    id: str
    name: str
    scopes: list[Scope]
    expires_at: datetime


@bp.post("/tokens")
@access(PUBLIC)
@bp.input(TokenWanted)
@bp.output(TokenGiven, status_code=201)
@bp.doc(responses=refusals(*_REFUSED))
def create_token(json_data: TokenWanted) -> Response:
    """Get a bearer token for your login and password.

    It speaks for you: whatever your roles allow on the pages, within its scopes. Keep it like a password.
    """
    wanted = WantedToken(json_data.name, json_data.scopes, json_data.days)
    with acting() as act:
        new = issue_token(act, proof=Proof(json_data.login, json_data.password, json_data.otp), wanted=wanted)
    given = TokenGiven(
        token=new.secret,
        id=new.row.public_id,
        name=new.row.name,
        scopes=list(new.row.scopes),
        expires_at=new.row.expires_at,
    )
    return answer_with(given, HTTPStatus.CREATED)
