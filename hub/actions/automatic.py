"""Whether the hub may answer somebody by itself: the one place that says yes, for whoever would.

An automatic answer to an automatic message is how two machines write to each other all night (RFC 3834), so there is none. And an address
is answered by itself at most once within a day, whatever it is answered on, because From is a claim: whoever writes in somebody else's name
must not be able to have us fill their mailbox; nor by names of it that lead to the same one (`kim+1@`, `kim+2@`). What goes out is ours word for word; not even a name of the stranger's is put into it.
"""

from hashlib import blake2b

from hub.store import Tx

DAY = 24 * 3600 * 1_000_000

SQL_FORGET = "DELETE FROM automatic_answer WHERE at <= :since"
SQL_ANSWERED = """
INSERT INTO automatic_answer (address, connection, at) VALUES (:address, :connection, :now)
ON CONFLICT (address) DO NOTHING RETURNING 1"""


def may_answer(tx: Tx, connection: str, address: str, *, automatic: str = "") -> bool:
    """Whether an automatic answer may go to this address now; a yes is used up by asking.

    `automatic` is what the message that would be answered says of itself (`IncomingMessage.automatic`).
    """
    if automatic or not address.strip():
        return False
    tx.run(SQL_FORGET, {"since": tx.now - DAY})
    asked = {"address": _known_as(address), "connection": connection, "now": tx.now}
    return tx.one(SQL_ANSWERED, asked) is not None


def _known_as(address: str) -> bytes:
    name, at, domain = address.strip().casefold().rpartition("@")
    mailbox = f"{name.partition('+')[0] or name}{at}{domain}"
    return blake2b(mailbox.encode(), digest_size=16, person=b"automatic").digest()
