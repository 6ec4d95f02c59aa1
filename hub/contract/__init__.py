"""What a plugin author touches: values, base classes, hooks and exceptions. It depends on nothing else of ours.

Values that cross the border are frozen, keyword-only structs; behaviour is a subclass of `Channel`,
`PageFeature` or `Panel`; the hub's side is the `Context` every method gets. Importing it costs no ORM, web or HTTP library.
"""

from hub.contract.channel import Aside, Capabilities, Channel, OutgoingFile, OutgoingMessage, Receipt
from hub.contract.context import Clock, Context, HttpClient, HttpResponse, Known
from hub.contract.documents import Document, DocumentKind, Documents, Put
from hub.contract.errors import AuthFailed, HubError, NotReady, Rejected
from hub.contract.hooks import hookimpl
from hub.contract.identifiers import (
    KINDS,
    AttributeClaim,
    Claim,
    Group,
    Identifier,
    IdentifierKind,
    Level,
    UnknownKind,
    kind_of,
)
from hub.contract.page import Frame, Offer, PageFeature, Visit, Visitor
from hub.contract.panel import KnownIdentifier, Panel, PanelAction, PanelContent, PanelRow, Subject
from hub.contract.settings import Secret, Settings
from hub.contract.touchpoint import IncomingFile, IncomingMessage, Touchpoint
from hub.contract.version import CONTRACT_VERSION

__all__ = [
    "CONTRACT_VERSION",
    "KINDS",
    "Aside",
    "AttributeClaim",
    "AuthFailed",
    "Capabilities",
    "Channel",
    "Claim",
    "Clock",
    "Context",
    "Document",
    "DocumentKind",
    "Documents",
    "Frame",
    "Group",
    "HttpClient",
    "HttpResponse",
    "HubError",
    "Identifier",
    "IdentifierKind",
    "IncomingFile",
    "IncomingMessage",
    "Known",
    "KnownIdentifier",
    "Level",
    "NotReady",
    "Offer",
    "OutgoingFile",
    "OutgoingMessage",
    "PageFeature",
    "Panel",
    "PanelAction",
    "PanelContent",
    "PanelRow",
    "Put",
    "Receipt",
    "Rejected",
    "Secret",
    "Settings",
    "Subject",
    "Touchpoint",
    "UnknownKind",
    "Visit",
    "Visitor",
    "hookimpl",
    "kind_of",
]
