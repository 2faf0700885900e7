"""Signed tokens of the embedded chat: short, bound to one channel, carried by the page and no cookie."""

from __future__ import annotations

import time
from dataclasses import dataclass

from itsdangerous import BadData, SignatureExpired, URLSafeTimedSerializer
from itsdangerous.encoding import base64_decode, base64_encode

LIFETIME = 30 * 60  # seconds
SESSION = 8 * 3600  # seconds from the first token in which it is renewed by itself; a working day
USER_CHARACTERS = 100
_SALT = "channel-token"


class TokenError(ValueError):
    """The token does not open this channel. The message is for the visitor, in Chinese."""


@dataclass(frozen=True)
class Claims:
    """What a token says."""

    channel: str
    user: str = ""  # as the portal names its user
    region: str = ""  # whose policies come first
    began: int = 0  # when the first token of the session was issued, in seconds since 1970


class Tokens:
    """Issues and reads tokens with one key."""

    def __init__(self, key: bytes) -> None:
        self._signer = URLSafeTimedSerializer(key, salt=_SALT)

    def issue(self, channel: str, user: str = "", region: str = "", began: int | None = None) -> str:
        """A token for a channel, good for LIFETIME."""
        began = int(time.time()) if began is None else began
        return self._signer.dumps({"c": channel, "u": user, "r": region, "b": began})

    def read(self, token: object, channel: str) -> Claims:
        """What a token says, where it is ours, fresh and of this channel. Raises TokenError."""
        if not isinstance(token, str) or not token:
            raise TokenError("缺少访问凭证，请从门户网站打开。")
        try:
            said = self._signer.loads(token, max_age=LIFETIME)
        except SignatureExpired as problem:
            raise TokenError("页面停留过久，访问凭证已过期，请刷新页面。") from problem
        except BadData as problem:
            raise TokenError("访问凭证无效，请刷新页面。") from problem
        signature = token.rpartition(".")[2]
        if base64_encode(base64_decode(signature)).decode() != signature:  # one spelling alone is ours
            raise TokenError("访问凭证无效，请刷新页面。")
        if said["c"] != channel:
            raise TokenError("访问凭证不属于本渠道，请从门户网站打开。")
        return Claims(said["c"], said["u"], said["r"], said["b"])

    def renew(self, token: object, channel: str) -> str:
        """A fresh token that says the same. Raises TokenError, also where the session is over."""
        claims = self.read(token, channel)
        if time.time() - claims.began > SESSION:
            raise TokenError("页面停留过久，请刷新页面。")
        return self.issue(claims.channel, claims.user, claims.region, claims.began)
