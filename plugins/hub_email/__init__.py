"""E-mail as a channel: mailboxes are read, answers are sent, and a conversation stays one conversation.

Two halves that know little of each other. One talks to servers:

    channel     the connection: what `hub` asks of a channel
    settings    its table in hub.toml
    receiving   which mails are new, which were passed over · filing      one mail into the hub, or aside
    imap · responses · folders          a thin client for mailboxes
    sending     one mail to a server, and what its answer means

The pure half turns bytes into values and values into bytes, and awaits nothing:

    mail        the values: Mail, Address, Part, and Poison for what cannot be read
    headers · charsets · addresses      bytes of a header → text → addresses
    mime · content · flowed · markup · tnef · naming      the tree of parts → text, HTML and files
    parsing     all of these: bytes → Mail or Poison
    replies · phrases                   what is new in a reply, and what it repeats
    senders     how far the From line can be trusted
    automatic · bounces                 what no person wrote, and which of ours could not be delivered
    ids         our own signed Message-IDs
    composing · writing                 an answer → the bytes to send
    reading     Mail → touchpoint

Everything that comes in was written by strangers, so each step bounds its own work, and nothing but `Poison` comes of the worst.
"""

from __future__ import annotations

from hub_email.channel import Email, hub_register_channels
from hub_email.settings import EmailSettings

__all__ = ["Email", "EmailSettings", "hub_register_channels"]

hub_contract = "1.1"
