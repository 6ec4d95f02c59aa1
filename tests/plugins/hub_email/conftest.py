"""Every test has a mailbox of its own on the server of its file."""

import pytest

from tests.plugins.hub_email.mailboxes import Mailbox


@pytest.fixture
def mailbox(dovecot) -> Mailbox:
    return Mailbox(dovecot)
