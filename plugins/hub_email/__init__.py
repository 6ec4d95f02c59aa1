"""E-mail as a channel: mailboxes are read, answers are sent, and a conversation stays one conversation.

Two halves that know little of each other. The pure half turns bytes into values and values into bytes, and awaits nothing:

    mail        the values: Mail, Address, Part, and Poison for what cannot be read
    headers · charsets · addresses      bytes of a header → text → addresses
    mime · flowed · markup · tnef       the tree of parts → text, HTML and files
    parsing     all of these: bytes → Mail or Poison
    replies · phrases                   what is new in a reply, and what it repeats
    senders     how far the From line can be trusted
    automatic · bounces                 what no person wrote, and which of ours could not be delivered
    ids         our own signed Message-IDs
    composing · writing                 an answer → the bytes to send
    reading     Mail → touchpoint

Everything that comes in was written by strangers, so each step bounds its own work, and nothing but `Poison` comes of the worst.
"""
