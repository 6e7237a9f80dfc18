"""Whether a delivery comes from the tool whose secret we share; each comparison takes the same time.

Standard library only: the desk is handed these checks and has no other business with survey tools.
Formbricks and Zendesk sign a time as well, so what was taken down on the way cannot be sent in again later.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qsl

Check = Callable[[str, Mapping[str, str], bytes, datetime], bool]

TOLERANCE = timedelta(minutes=5)


def typeform(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Check `Typeform-Signature: sha256=` and base64 of HMAC-SHA256 over the body (Typeform's Webhooks)."""
    return _same(headers.get("typeform-signature", ""), "sha256=" + _base64(secret.encode(), body, "sha256"))


def surveymonkey(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Check `Sm-Signature`: base64 of HMAC-SHA1 under `<client id>&<client secret>` (API v3, Webhooks).

    The secret is that whole key, or the client secret alone: then the client id is that of `Sm-Apikey`.
    """
    given = headers.get("sm-signature", "")
    whole = f"{headers.get('sm-apikey', '')}&{secret}"
    checked = [_same(given, _base64(key.encode(), body, "sha1")) for key in (secret, whole)]
    return any(checked)


def formbricks(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Check `webhook-signature` over `webhook-id`, `webhook-timestamp` (unix seconds) and body.

    That is what the Standard Webhooks say: several signatures may stand there, the key is base64 behind
    `whsec_`, and a delivery counts for five minutes.
    """
    sent = headers.get("webhook-timestamp", "")
    if not sent.isascii() or not sent.isdigit() or abs(int(sent[:15]) - now.timestamp()) > _SECONDS:
        return False
    signed = f"{headers.get('webhook-id', '')}.{sent}.".encode() + body
    expected = "v1," + _base64(_standard_key(secret), signed, "sha256")
    checked = [_same(given, expected) for given in headers.get("webhook-signature", "").split()]
    return any(checked)


def zendesk(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Check `X-Zendesk-Webhook-Signature`: base64 of HMAC-SHA256 over timestamp and body.

    The timestamp (ISO 8601) stands in a header of its own; a delivery counts for five minutes, as well.
    """
    sent = headers.get("x-zendesk-webhook-signature-timestamp", "")
    try:
        at = datetime.fromisoformat(sent)
    except ValueError:
        return False
    if abs((at if at.tzinfo else at.replace(tzinfo=UTC)) - now) > TOLERANCE:
        return False
    expected = _base64(secret.encode(), sent.encode() + body, "sha256")
    return _same(headers.get("x-zendesk-webhook-signature", ""), expected)


def qualtrics(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> bool:
    """Check the form's field HMAC: hexadecimal HMAC-SHA512 of its field MSG under the subscription's key.

    Qualtrics does not say whether the field is signed as it reads or as it is encoded; both are taken.
    """
    fields, encoded = form_fields(body), b""
    for part in body.split(b"&"):
        if part.startswith(b"MSG="):
            encoded = part[4:]
    given = fields.get("HMAC", "").lower()
    ways = (fields.get("MSG", "").encode("utf-8", "surrogateescape"), encoded)
    checked = [_same(given, hmac.new(secret.encode(), way, "sha512").hexdigest()) for way in ways if way]
    return any(checked)


# One line a tool.
CHECKS: dict[str, Check] = {
    "formbricks": formbricks,
    "qualtrics": qualtrics,
    "surveymonkey": surveymonkey,
    "typeform": typeform,
    "zendesk": zendesk,
}
_SECONDS = TOLERANCE.total_seconds()


def form_fields(body: bytes) -> dict[str, str]:
    """Read a form of few fields; of one that comes twice the last counts. Nothing for what is no form."""
    try:
        text = body.decode("ascii")
        return dict(parse_qsl(text, keep_blank_values=True, errors="surrogateescape", max_num_fields=50))
    except ValueError:
        return {}


def _standard_key(secret: str) -> bytes:
    inner = secret.removeprefix("whsec_")
    try:
        return base64.b64decode(inner, validate=True)
    except (binascii.Error, ValueError):
        return secret.encode()


def _base64(key: bytes, message: bytes, algorithm: str) -> str:
    return base64.b64encode(hmac.digest(key, message, algorithm)).decode()


def _same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected.encode())
