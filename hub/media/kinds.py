"""What a file is, by its bytes: never by its name or by what its sender says.

Four kinds of picture are told by their first bytes and must then prove it by being decoded. Text is what has no control
characters. For everything else puremagic names the candidates and a list of ours decides which of them we know; what is not
on it is `application/octet-stream`. As nothing but our own pictures is ever shown in a page, a wrong guess costs a wrong icon.

Where several formats share their first bytes (every .docx and .odt is a zip, and archives are never unpacked here), the
name may choose among these and no others.

**Programs are refused**, by content and by the extensions that start something when an operator opens the download. An
anonymous visitor has no need to send one to a shop, and nothing here scans for malware. HTML, SVG and XML are accepted, as
downloads: invoices and logos come that way, and served with `attachment`, `nosniff` and a sandbox no browser runs them.
"""

import msgspec
import puremagic

from hub.media.naming import extension
from hub.wire import Refusal

OCTETS = "application/octet-stream"
HEAD = 16_384
"""Bytes at the start of a file that are looked at."""


class Kind(msgspec.Struct, frozen=True):
    """A sort of content: what it is served as, the extensions that fit it, and the picture format for those we draw anew."""

    media_type: str
    extensions: tuple[str, ...] = ()
    picture: str | None = None
    """Pillow's name of the format."""


UNKNOWN = Kind(OCTETS)
PICTURES = {
    b"\x89PNG\r\n\x1a\n": Kind("image/png", ("png",), "PNG"),
    b"\xff\xd8\xff": Kind("image/jpeg", ("jpg", "jpeg", "jfif", "jpe"), "JPEG"),
    b"GIF87a": Kind("image/gif", ("gif",), "GIF"),
    b"GIF89a": Kind("image/gif", ("gif",), "GIF"),
}
WEBP = Kind("image/webp", ("webp",), "WEBP")

_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
_FAMILIES: dict[str, dict[str, str]] = {
    "pdf": {"pdf": "application/pdf"},
    "docx": {
        "zip": "application/zip",
        "docx": f"{_OFFICE}wordprocessingml.document",
        "xlsx": f"{_OFFICE}spreadsheetml.sheet",
        "pptx": f"{_OFFICE}presentationml.presentation",
        "odt": f"{_OPEN}text",
        "ods": f"{_OPEN}spreadsheet",
        "odp": f"{_OPEN}presentation",
        "epub": "application/epub+zip",
        **dict.fromkeys(("pages", "numbers", "key", "kmz", "3mf", "sketch", "docm", "xlsm", "pptm"), OCTETS),
    },
    "doc": {
        "doc": "application/msword",
        "xls": "application/vnd.ms-excel",
        "ppt": "application/vnd.ms-powerpoint",
        "msg": "application/vnd.ms-outlook",
    },
    "heif": {"heic": "image/heic", "heif": "image/heif"},
    "avif": {"avif": "image/avif"},
    "tiff": {"tiff": "image/tiff", "tif": "image/tiff"},
    "bmp": {"bmp": "image/bmp"},
    "mp4": {"mp4": "video/mp4", "m4v": "video/mp4", "m4a": "audio/mp4"},
    "m4a": {"m4a": "audio/mp4"},
    "mov": {"mov": "video/quicktime", "qt": "video/quicktime"},
    "3ga": {"3gp": "video/3gpp"},
    "webm": {"webm": "video/webm"},
    "mkv": {"mkv": "video/x-matroska", "mka": "audio/x-matroska"},
    "mp3": {"mp3": "audio/mpeg"},
    "mpga": {"mp3": "audio/mpeg"},
    "ogg": {"ogg": "audio/ogg", "oga": "audio/ogg", "opus": "audio/ogg", "ogv": "video/ogg"},
    "wav": {"wav": "audio/wav"},
    "flac": {"flac": "audio/flac"},
    "aac": {"aac": "audio/aac"},
    "amr": {"amr": "audio/amr"},
    "gz": {"gz": "application/gzip", "tgz": "application/gzip"},
    "7z": {"7z": "application/x-7z-compressed"},
    "rar": {"rar": "application/vnd.rar"},
}
"""Candidate of puremagic → the extensions that fit, the usual one first, with what each is served as."""

_TEXT = (
    "txt", "csv", "tsv", "log", "md", "json", "ics", "vcf", "eml", "srt", "vtt", "yaml", "yml", "toml", "ini", "conf", "cfg",
    "tex", "css", "sql", "po", "gpx", "kml", "geojson", "rtf", "html", "htm", "xhtml", "xml", "svg", "rss", "xsd", "dxf",
)  # fmt: skip
TEXT = Kind("text/plain", _TEXT)
MARKUP = Kind(OCTETS, _TEXT)
"""Text that begins with `<`: it could act as a page, so it does not even get a type that says text, and one that
comes under a wrong name (a page as photo.png) becomes a .txt, which opens in an editor."""

PROGRAMS = frozenset((
    "ade", "adp", "apk", "app", "appimage", "application", "appref-ms", "appx", "appxbundle", "bat", "cab",
    "chm", "cmd", "com", "command", "cpl", "crx", "deb", "desktop", "diagcab", "dll", "dmg", "exe", "gadget",
    "hta", "img", "inf", "ins", "ipa", "iso", "isp", "jar", "jnlp", "js", "jse", "lib", "library-ms", "lnk",
    "mde", "mjs", "msc", "msi", "msix", "msixbundle", "msp", "mst", "nsh", "one", "ocx", "pif", "pkg", "ps1",
    "psd1", "psm1", "py", "pyc", "pyw", "pyz", "reg", "rpm", "scf", "scpt", "scr", "sct", "search-ms",
    "settingcontent-ms", "sh", "shb", "shs", "sys", "terminal", "url", "vb", "vbe", "vbs", "vhd", "vhdx",
    "vxd", "website", "webloc", "workflow", "ws", "wsc", "wsf", "wsh", "wll", "xll", "xpi",
))  # fmt: skip
"""What large mail providers refuse too, with the starters of other desktops."""
KNOWN = PROGRAMS.union(
    {name for kind in (*PICTURES.values(), WEBP, TEXT, MARKUP) for name in kind.extensions}
    | {name for family in _FAMILIES.values() for name in family}
)
"""Extensions that say what a file is; only files that are it may keep them."""
_PROGRAM_HEADS = (
    b"MZ", b"\x7fELF", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe", b"dex\n", b"\0asm", b"L\0\0\0\x01\x14\x02\0", b"Cr24",
)  # fmt: skip
_PLAIN = bytes({*range(0x20, 0x7F), *range(0x80, 0x100), *b"\t\r\n\f"})


def kind_of(head: bytes, tail: bytes, name: str) -> Kind:
    """What the file with these first and last bytes (up to 16 KiB each) is; `name` is clean already.

    Raises:
        Refusal: `bad_file`, for programs and shortcuts.
    """
    picture = _picture(head)
    if picture is None and (reason := _starts_something(head, name)):
        raise Refusal(
            "bad_file",
            f"file: expected a picture or a document, got {reason}; put it into a zip archive if it is needed",
        )
    return picture or _text(head) or _known(head, tail, extension(name))


def _picture(head: bytes) -> Kind | None:
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    return next((kind for signature, kind in PICTURES.items() if head.startswith(signature)), None)


def _starts_something(head: bytes, name: str) -> str:
    if head.startswith(b"#!") and not head.startswith(b"#!AMR"):
        return "a script"
    if head.startswith(_PROGRAM_HEADS) and _text(head) is None:
        return "a program"
    last = name.rpartition(".")[2].lower()
    return f"a file that its name makes a program (.{last})" if last in PROGRAMS else ""


def _text(head: bytes) -> Kind | None:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    if (not wide and head.translate(None, _PLAIN)) or head.startswith(b"%PDF"):
        return None
    bare = head.replace(b"\0", b"") if wide else head
    return (
        MARKUP if bare.removeprefix(b"\xef\xbb\xbf").lstrip(b"\xff\xfe \t\r\n\f").startswith(b"<") else TEXT
    )


def _known(head: bytes, tail: bytes, claimed: str) -> Kind:
    # The best match comes first; a match we have no line for (there are hundreds of odd ones) is passed over.
    try:
        matches = puremagic.magic_string(head + tail)
    except puremagic.PureError:  # it knows nothing like it
        return UNKNOWN
    for match in matches:
        family = _FAMILIES.get(str(match.extension).lstrip(".").lower())
        if family is not None:
            usual = next(iter(family))
            return Kind(family.get(claimed, family[usual]), (*family,))
    return UNKNOWN
