"""Refusals of the API: tokens, scopes, repeated calls."""

from collections.abc import Mapping

from flask_babel import lazy_gettext as _l

from app.web.refusals.texts import Refusal

TEXTS: Mapping[str, Refusal] = {
    "token_missing": Refusal(
        _l("This call carries no token"), _l("Send it in the header: Authorization: Bearer, and the token.")
    ),
    "token_invalid": Refusal(
        _l("This token is not valid"), _l("It was never given out, or has been revoked. Get a new one.")
    ),
    "token_expired": Refusal(_l("This token has run out"), _l("It held until %(at)s. Get a new one.")),
    "token_unknown": Refusal(
        _l("There is no such token among yours"), _l("Your tokens are listed on your profile's page.")
    ),
    "token_unnamed": Refusal(
        _l("The token needs a name"), _l("At most %(most)s characters, by which you will know it again.")
    ),
    "token_scopes_missing": Refusal(
        _l("The token would be good for nothing"), _l("Choose at least one thing that it may be used for.")
    ),
    "token_term_invalid": Refusal(
        _l("The token cannot hold for so long"), _l("Choose between one day and %(most)s days.")
    ),
    "second_factor_needed": Refusal(
        _l("A password alone is not enough here"),
        _l("Send a code of your authenticator app as otp; if you have none yet, set it up on your profile's page."),
    ),
    "password_too_old": Refusal(
        _l("Your password must be changed first"), _l("Sign in on the pages and choose a new one, then try again.")
    ),
    "scope_missing": Refusal(
        _l("The token is not good for this call"), _l("It lacks the scope %(scope)s. Get a token that has it.")
    ),
    "idempotency_key_reused": Refusal(
        _l("This key belongs to another call"), _l("Repeat a call under its key unchanged, or choose a new key.")
    ),
}
