"""The library that speaks OpenID Connect: loaded only where an office has its own sign-in."""

from typing import Any

import requests
from authlib.integrations.base_client import OAuthError
from authlib.integrations.flask_client import OAuth
from flask import Flask
from joserfc.errors import JoseError

from app.config import SingleSignOn

FAILURES = (OAuthError, JoseError, requests.RequestException, ValueError, KeyError, RuntimeError)
"""Whatever a provider can do wrong: unreachable, another's token, an answer that is none."""

_SECONDS = 10


def client_of(web: Flask, chosen: SingleSignOn) -> Any:
    """Return the client of the office's own sign-in."""
    return OAuth(web).register(
        name="office",
        client_id=chosen.client_id,
        client_secret=chosen.client_secret,
        server_metadata_url=f"{chosen.issuer.rstrip('/')}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "default_timeout": _SECONDS},
    )
