"""The one way an action says no.

A refusal is an answer, not an accident: the transaction's savepoint is rolled back, nothing is stored, and the sender gets
the code, a sentence and the fields. `REFUSALS` is the whole list of codes with the HTTP status each has over plain HTTP.
"""

from collections.abc import Mapping
from types import MappingProxyType

from hub.wire.common import Refused

REFUSALS: Mapping[str, int] = MappingProxyType(
    {
        "bad_frame": 400,
        "bad_request": 400,
        "bad_token": 400,
        "not_signed_in": 401,
        "unknown_key": 401,
        "wrong_password": 401,
        "forbidden": 403,
        "foreign_origin": 403,
        "blocked": 403,
        "not_found": 404,
        "wrong_method": 405,
        "unknown_site": 404,
        "unknown_feature": 404,
        "taken": 409,
        "not_yours": 409,
        "closed": 409,
        "at_limit": 409,
        "no_change": 409,
        "declined": 409,
        "key_used": 409,
        "carried_out": 409,
        "socket_gone": 410,
        "too_large": 413,
        "quota": 413,
        "bad_file": 415,
        "wrong_content_type": 415,
        "rate_limited": 429,
        "unexpected": 500,
        "unavailable": 503,
    }
)


class Refusal(Exception):
    """The command was understood and is not carried out.

    `code` is a key of `REFUSALS`; `message` says what was expected, what came and what to do; `retry_after` is in seconds.
    """

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: dict[str, str] | None = None,
        retry_after: float | None = None,
    ) -> None:
        assert code in REFUSALS, code
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}
        self.retry_after = retry_after

    @property
    def status(self) -> int:
        """HTTP status of this refusal."""
        return REFUSALS[self.code]

    def frame(self, client_id: str | None = None) -> Refused:
        """The refusal as a frame, answering the command `client_id`."""
        return Refused(
            code=self.code,
            message=self.message,
            client_id=client_id,
            fields=self.fields,
            retry_after=self.retry_after,
        )
