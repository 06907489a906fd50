"""The office's own sign-in, as the environment describes it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.config.reading import address, given


@dataclass(frozen=True, slots=True)
class SingleSignOn:
    """The office's own sign-in (OpenID Connect): ``claim`` names the login of whoever comes from there."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    name: str
    claim: str


def single_sign_on(environment: Mapping[str, str]) -> SingleSignOn | None:
    """Return the office's own sign-in, None where no issuer is named. Raises ``UnknownSetting`` for a missing part."""
    issuer = address(environment, "SHUANGYOU_OIDC_ISSUER")
    if not issuer:
        return None
    return SingleSignOn(
        issuer=issuer,
        client_id=given(environment, "SHUANGYOU_OIDC_CLIENT_ID"),
        client_secret=given(environment, "SHUANGYOU_OIDC_CLIENT_SECRET"),
        name=environment.get("SHUANGYOU_OIDC_NAME") or "统一身份认证",
        claim=environment.get("SHUANGYOU_OIDC_CLAIM") or "preferred_username",
    )
