"""Who may ask by which way in, and how much: the one place that the chat, the widget and the API go through."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass, field

from chat.access.channels import Channel, Channels
from chat.access.keys import PREFIX, KeyRefused, Keys, Scope
from chat.access.limits import Limiter, Limits, Visit, visitor_of
from chat.access.tokens import TokenError, Tokens


class NoChannel(LookupError):  # noqa: N818 — a state, told by its callers in their own words
    """There is no such channel."""


def _fresh_tokens() -> Tokens:
    return Tokens(secrets.token_bytes(32))


@dataclass(frozen=True)
class Gate:
    """The channels, the key of their tokens and the counts. By default: no portals, no limits."""

    channels: Channels = field(default_factory=Channels)
    tokens: Tokens = field(default_factory=_fresh_tokens)
    limiter: Limiter = field(default_factory=lambda: Limiter(on=False))
    keys: Keys | None = None
    public_api: bool = True

    def channel(self, name: str) -> Channel:
        """The channel with this id. Raises NoChannel."""
        try:
            return self.channels.portals[name]
        except KeyError:
            raise NoChannel(name) from None

    def admit_chat(self, host: str | None) -> Visit:
        """A question on the chat page. Raises TooMany."""
        return self._admit(Visit("chat", visitor_of(host)), self.channels.chat)

    def admit_embedded(self, name: str, token: object, host: str | None) -> Visit:
        """A question in a portal's chat. Raises NoChannel, TokenError, TooMany."""
        channel = self.channel(name)
        claims = self.tokens.read(token, name)
        # A user whom the portal vouches for is counted as one person; others by their address.
        visitor = f"user:{claims.user}" if claims.user else visitor_of(host)
        return self._admit(Visit(channel.name, visitor, claims.region or channel.region), channel.limits)

    def admit_vote(self, host: str | None) -> Visit:
        """A vote on an answer, from whichever page. Raises TooMany."""
        return self._admit(Visit("vote", visitor_of(host)), self.channels.chat)

    def admit_program(self, host: str | None, bearer: str, scope: Scope) -> Visit:
        """A request of a program, with its key or, where the API is public, without. Raises KeyRefused, TooMany.

        What does not look like a key of ours is what clients send that must send something.
        """
        if not bearer.startswith(PREFIX):
            if not self.public_api:
                raise KeyRefused("需要 API 密钥：请求头 Authorization: Bearer tw_…", 401)
            return self._admit(Visit("api", visitor_of(host)), self.channels.api)
        key = self.keys.find(bearer) if self.keys else None
        if key is None:
            raise KeyRefused("API 密钥无效、已过期或已吊销。", 401)
        if scope not in key.scopes:
            raise KeyRefused(f"API 密钥没有“{scope.label}”权限。", 403)
        return self._admit(Visit("api", f"key:{key.id}"), self.channels.api)

    def token(self, name: str, held: str, user: str, region: str, host: str | None) -> str:
        """A token for a channel: `held` is the channel's secret, an earlier token to renew, or nothing.

        A channel with a secret gives the first token for the secret alone, and only then with a user and a
        region. Raises NoChannel, TokenError, TooMany.
        """
        channel = self.channel(name)
        self._admit(Visit(f"{channel.name}:token", visitor_of(host)), channel.limits)
        if channel.secret and hmac.compare_digest(held.encode(), channel.secret.encode()):
            return self.tokens.issue(name, user, region)
        if user or region:
            raise TokenError("只有持有渠道密钥的门户后台可以指定用户和地区。")
        if held:
            return self.tokens.renew(held, name)
        if channel.secret:
            raise TokenError("本渠道需要门户后台换取的访问凭证，请从门户网站打开。")
        return self.tokens.issue(name)

    def _admit(self, visit: Visit, limits: Limits) -> Visit:
        self.limiter.admit(visit, limits)
        return visit
