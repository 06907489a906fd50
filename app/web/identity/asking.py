"""Passkeys as pages ask for them: options for the browser, and a ticket by which the answer is known again."""

import ipaddress
from base64 import b64decode, b64encode
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import request

from app.services.acting import Act
from app.services.factors import ISSUER
from app.services.passkeys import (
    GOOD_FOR,
    Asked,
    PasskeyRefused,
    Site,
    ask_for_new,
    ask_person_to_sign,
    ask_to_sign,
)
from app.web.identity.keeping import of_ticket, ticket
from app.web.wiring import wiring

ALONE, SECOND, NEW = "passkey alone", "passkey second", "passkey new"
"""What a challenge is for; an answer to one proves nothing for another."""

_LONGEST_ANSWER = 50_000


@dataclass(frozen=True, slots=True)
class PasskeyForm:
    """What a page hands its script: ``options`` for ``navigator.credentials``, and the ticket to send back."""

    options: str
    ticket: str


def site() -> Site | None:
    """Return the site that passkeys are bound to; None where it has no name that browsers take.

    That is the address in the settings. Without one only this machine's own name will do: nobody else's is trusted.
    """
    address = wiring().settings.ways.address or (request.host_url.rstrip("/") if _is_here() else "")
    host = urlsplit(address).hostname or ""
    return Site(host, address, ISSUER) if _is_name(host) else None


def _is_here() -> bool:
    return urlsplit(request.host_url).hostname == "localhost"


def _is_name(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return bool(host)
    return False


def address_with_passkeys() -> str:
    """Return the address under which this very page could use passkeys: a demonstration is opened by number."""
    parts = urlsplit(request.url)
    if site() or not wiring().settings.demonstration:
        return ""
    return parts._replace(netloc=f"localhost:{parts.port}" if parts.port else "localhost").geturl()


def asked_alone() -> PasskeyForm | None:
    """Ask whoever is there to sign in by a passkey alone."""
    here = site()
    return _form(ALONE, ask_to_sign(site=here)) if here else None


def asked_second(act: Act, person_id: int) -> PasskeyForm | None:
    """Ask a known person for one of their passkeys."""
    here = site()
    return _form(SECOND, ask_person_to_sign(act, site=here, person_id=person_id)) if here else None


def asked_new(act: Act) -> PasskeyForm | None:
    """Ask the acting person for a new passkey."""
    here = site()
    return _form(NEW, ask_for_new(act, site=here)) if here else None


def _form(purpose: str, asked: Asked) -> PasskeyForm:
    return PasskeyForm(asked.options, ticket(purpose, b64encode(asked.challenge).decode()))


@dataclass(frozen=True, slots=True)
class Answered:
    """What a browser sent back: for which site, to which challenge."""

    site: Site
    challenge: bytes
    answer: str


def answered(purpose: str) -> Answered:
    """Return what this request answers to a challenge of that purpose. Raises ``PasskeyRefused``."""
    here = site()
    challenge = of_ticket(purpose, request.form.get("ticket", ""), GOOD_FOR)
    answer = request.form.get("passkey", "")
    if here is None or challenge is None or not 0 < len(answer) <= _LONGEST_ANSWER:
        raise PasskeyRefused
    return Answered(here, b64decode(challenge), answer)
