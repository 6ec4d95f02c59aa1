"""Bytes → text, whatever the mail claims about them.

The declared charset is tried first, by the names that mail programs use, and read as browsers do (ISO-8859-1 means Windows-1252,
GB2312 means GB18030 …). Only codecs of a fixed list are used: Python has some that are no charsets, and some whose time grows with
the square of the input. What fits nothing is read as Windows-1252, so that a person can still guess.
"""

import codecs
import re
from typing import Final

CODECS: Final = frozenset(
    "utf-8 utf-8-sig utf-16 utf-16-be utf-16-le utf-32 utf-32-be utf-32-le utf-7 ascii "
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 cp874 cp437 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 "
    "cp863 cp865 cp866 cp869 cp720 cp737 cp775 cp1125 hp-roman8 iso8859-1 iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 "
    "iso8859-7 iso8859-8 iso8859-9 iso8859-10 iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u koi8-t kz1048 "
    "mac-roman mac-cyrillic mac-greek mac-iceland mac-latin2 mac-turkish tis-620 ptcp154 johab big5 big5hkscs cp950 gb2312 gbk "
    "gb18030 hz euc_jp euc_jis_2004 euc_jisx0213 shift_jis shift_jis_2004 shift_jisx0213 cp932 euc_kr cp949 iso2022_jp iso2022_jp_1 "
    "iso2022_jp_2 iso2022_jp_2004 iso2022_jp_3 iso2022_jp_ext iso2022_kr".replace("_", "-").split()
)
WIDER: Final = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gb18030", "gbk": "gb18030", "euc-kr": "cp949", "shift-jis": "cp932", "big5": "big5hkscs",
    "iso2022-jp": "iso2022_jp_ext", "iso2022-jp-1": "iso2022_jp_ext", "iso2022-jp-2": "iso2022_jp_ext",
}  # fmt: skip
ALSO: Final = {
    "utf8mb4": "utf-8", "unicode": "utf-8", "unicode-1-1-utf-7": "utf-7", "x-gbk": "gb18030", "gb-2312": "gb18030",
    "gb_2312-80": "gb18030", "gb2312-80": "gb18030", "x-euc-jp": "euc_jp", "x-sjis": "cp932", "windows-31j": "cp932",
    "ms932": "cp932", "cp50220": "iso2022_jp_ext", "cp50221": "iso2022_jp_ext", "iso-2022-jp-ms": "iso2022_jp_ext",
    "ks_c_5601-1987": "cp949", "ks_c_5601": "cp949", "ksc5601": "cp949", "x-windows-949": "cp949", "windows-949": "cp949",
    "iso-8859-8-i": "iso8859-8", "iso-8859-8-e": "iso8859-8", "iso-8859-6-i": "iso8859-6", "windows-874": "cp874",
    "dos-874": "cp874", "x-mac-roman": "mac_roman", "macintosh": "mac_roman", "x-mac-cyrillic": "mac_cyrillic",
    "x-cp1250": "cp1250", "x-cp1251": "cp1251", "x-cp1252": "cp1252", "ansi_x3.4-1968": "cp1252", "x-big5": "big5hkscs",
}  # fmt: skip
SHIFTS: Final = re.compile(rb"\x1b(?:\$[@B]|\([BJI]|\$\()")
"""What only ISO-2022 text has."""
NOT_TEXT: Final = {n: None for n in range(32) if n not in (9, 10, 12, 13)} | {0x7F: None}


def codec_for(name: str) -> str | None:
    """Python's name for a charset as mail programs write it; None when there is none we would use."""
    said = name.strip(" \t\"'").lower()[:40]
    if said in ALSO:
        return ALSO[said]
    try:
        found = codecs.lookup(said).name.replace("_", "-")
    except (LookupError, ValueError, UnicodeError):
        return None
    return WIDER.get(found, found.replace("-", "_")) if found in CODECS else None


def decoded(raw: bytes, charset: str = "") -> str:
    """`raw` as text without NUL or other control characters. Never fails; what cannot be read becomes U+FFFD or a look-alike."""
    return clean(_decoded(raw, charset))


def _decoded(raw: bytes, charset: str) -> str:
    for codec in _candidates(raw, charset):
        try:
            return raw.decode(codec)
        except (UnicodeError, ValueError):
            continue
    codec = codec_for(charset) or "utf-8"
    if codec.startswith("utf") and raw.isascii():
        return raw.decode("ascii")
    loosely = raw.decode(codec, "replace")
    # A few broken characters of a charset that was otherwise right (cut in the middle, say); else it was never that charset.
    return loosely if loosely.count("\ufffd") * 20 <= len(loosely) else raw.decode("cp1252", "replace")


def _candidates(raw: bytes, charset: str) -> list[str]:
    declared = codec_for(charset)
    if SHIFTS.search(raw[:100_000]) is not None and declared in (None, "cp1252", "utf_8"):
        return ["iso2022_jp_ext", "utf-8"]
    if declared is None or declared == "cp1252":
        return ["utf-8", "cp1252"]  # UTF-8 is never valid by chance
    return [declared, "utf-8"]


def clean(text: str) -> str:
    """Without control characters, lone surrogates and a byte order mark, which databases and browsers stumble over."""
    if not text.isprintable():
        text = text.translate(NOT_TEXT)
    return text.removeprefix("\ufeff").encode("utf-8", "replace").decode("utf-8")
