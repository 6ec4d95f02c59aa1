"""Names of files that strangers have chosen: what of them may be shown."""

import re
from typing import Final

from hub_email.addresses import HIDDEN

UNREAD_NAME: Final = re.compile(r"[\x00-\x1f/\\:*?\"<>|\u202a-\u202e\u2066-\u2069]")
ENDINGS: Final = {
    "message/rfc822": "eml", "message/delivery-status": "txt", "text/rfc822-headers": "txt", "text/plain": "txt", "text/html": "html",
    "text/calendar": "ics", "text/vcard": "vcf", "text/csv": "csv", "image/jpeg": "jpg", "image/png": "png", "image/gif": "gif",
    "image/webp": "webp", "application/pdf": "pdf", "application/pkcs7-signature": "p7s", "application/x-pkcs7-signature": "p7s",
    "application/pkcs7-mime": "p7m", "application/x-pkcs7-mime": "p7m", "application/pgp-signature": "asc",
    "application/pgp-encrypted": "asc", "application/ms-tnef": "dat",
}  # fmt: skip


def file_name(said: str, kind: str) -> str:
    """A name to show: one line, no path, nothing that hides an ending. The hub gives the stored file a name of its own."""
    bare = UNREAD_NAME.sub("_", HIDDEN.sub("", said.replace("\\", "/").rpartition("/")[2]))
    bare = " ".join(bare.split()).strip(". ")
    return bare[-150:] if bare else f"{kind.partition('/')[0]}.{ENDINGS.get(kind, 'bin')}"
