"""Real mail servers for tests: Dovecot (mailboxes, submission, LMTP) and Postfix (a relay), each on free ports of this machine.

Each is a process of its own with a folder of its own, ended by its pid. Nothing of the machine's own mail set-up is read or touched.
Dovecot runs as anybody; as root it gives up its rights first. Postfix needs root. Where one is missing, `missing_…` says what to install.
"""

import imaplib
import os
import re
import shutil
import signal
import smtplib
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.mail.certificates import write_certificates

PASSWORD = "a-mailbox-password"
DOVECOT = shutil.which("dovecot") or "/usr/sbin/dovecot"
POSTFIX = Path("/usr/lib/postfix/sbin/master")

DOVECOT_CONF = """
base_dir = BASE/run
state_dir = BASE/state
log_path = BASE/dovecot.log
protocols = imap lmtp submission
listen = 127.0.0.1
ssl = yes
ssl_cert = <BASE/server.pem
ssl_key = <BASE/server.key
disable_plaintext_auth = no
default_internal_user = WHO
default_internal_group = GRP
default_login_user = WHO
first_valid_uid = 1
mail_location = maildir:BASE/mail/%u
auth_mechanisms = plain login
auth_failure_delay = 0
mail_max_userip_connections = CONNECTIONS
submission_relay_host = 127.0.0.1
submission_relay_port = RELAY
submission_relay_trusted = yes
hostname = mail.hub.test
postmaster_address = postmaster@hub.test
passdb {
  driver = static
  args = password=PASSWORD
}
userdb {
  driver = static
  args = uid=WHO gid=GRP home=BASE/mail/%u allow_all_users=yes
}
namespace inbox {
  inbox = yes
  mailbox Sent {
    auto = create
    special_use = \\Sent
  }
}
service anvil {
  chroot =
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service stats {
  chroot =
}
service imap-login {
  chroot =
  inet_listener imap {
    port = IMAP
  }
  inet_listener imaps {
    port = TLS
  }
}
service lmtp {
  inet_listener lmtp {
    port = LMTP
  }
}
service submission-login {
  chroot =
  inet_listener submission {
    port = SUBMISSION
  }
}
"""

MAIN_CF = """
compatibility_level=3.6
queue_directory=BASE/queue
data_directory=BASE/data
mail_owner=postfix
setgid_group=postdrop
inet_interfaces=127.0.0.1
inet_protocols=ipv4
myhostname=mx.hub.test
mydestination=
mynetworks=127.0.0.0/8
local_recipient_maps=
alias_maps=
alias_database=
smtp_dns_support_level=disabled
smtp_host_lookup=native
virtual_mailbox_domains=DOMAINS
virtual_transport=lmtp:inet:127.0.0.1:LMTP
relayhost=[127.0.0.1]:WORLD
maillog_file=BASE/maillog
maillog_file_prefixes=BASE
"""
MASTER_CF = """
127.0.0.1:SMTP inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
tlsmgr unix - - n 1000? 1 tlsmgr
flush unix n - n 1000? 0 flush
postlog unix-dgram n - n - 1 postlogd
"""


def missing_dovecot() -> str:
    """Why there is no Dovecot here; empty when there is one."""
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        return "Dovecot as root needs setpriv, to give up its rights: apt-get install util-linux"
    modules = Path("/usr/lib/dovecot")
    if (
        not Path(DOVECOT).exists()
        or not (modules / "lmtp").exists()
        or not (modules / "submission-login").exists()
    ):
        return "no Dovecot: apt-get install dovecot-imapd dovecot-lmtpd dovecot-submissiond"
    return ""


def missing_postfix() -> str:
    """Why no Postfix can be run here; empty when one can."""
    if os.geteuid() != 0:
        return "Postfix runs as root only"
    return "" if POSTFIX.exists() else "no Postfix: apt-get install postfix"


class Server:
    """A process in a folder of its own."""

    def __init__(self) -> None:
        self.base = Path(tempfile.mkdtemp(prefix="hub-mail-"))
        self.base.chmod(0o755)  # the server is somebody else
        self._process: subprocess.Popen[bytes] | None = None

    def _started(self, command: list[str], port: int) -> None:
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
        end = time.monotonic() + 20
        while True:
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=5) as line:
                if line.recv(1):
                    return
            if self._process.poll() is not None or time.monotonic() > end:
                said = self.log()
                self.stop()
                raise RuntimeError(f"{command[0]} did not start: {said[-2000:]}")
            time.sleep(0.01)

    def stop(self) -> None:
        """End it, by its pid, and what it has started."""
        process, self._process = self._process, None
        if process is not None:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
            with suppress(ProcessLookupError):  # those of its children that still serve somebody
                os.killpg(process.pid, signal.SIGKILL)
            assert process.stderr is not None
            process.stderr.close()

    def remove(self) -> None:
        """End it, and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.base, ignore_errors=True)

    def log(self) -> str:
        """What it has written about itself."""
        files = [self.base / "dovecot.log", self.base / "maillog"]
        return "".join(file.read_text(errors="replace") for file in files if file.exists())


class Dovecot(Server):
    """Mailboxes of whoever asks, with PASSWORD. `relay`: where mail that is submitted goes."""

    def __init__(self, *, relay: int = 9, connections: int = 100) -> None:
        super().__init__()
        self.imap, self.tls, self.lmtp, self.submission = free_ports(4)
        self.ca = self.base / "ca.pem"
        write_certificates(self.base)
        who, group = ("nobody", "nogroup") if os.geteuid() == 0 else (str(os.geteuid()), str(os.getegid()))
        values = {
            "BASE": self.base, "WHO": who, "GRP": group, "PASSWORD": PASSWORD, "CONNECTIONS": connections, "RELAY": relay,
            "IMAP": self.imap, "TLS": self.tls, "LMTP": self.lmtp, "SUBMISSION": self.submission,
        }  # fmt: skip
        (self.base / "dovecot.conf").write_text(_filled(DOVECOT_CONF, values))
        if os.geteuid() == 0:
            for path in [self.base, *self.base.iterdir()]:
                shutil.chown(path, "nobody", "nogroup")

    def start(self) -> None:
        """Run, until `stop`."""
        drop = ["--reuid=nobody", "--regid=nogroup", "--clear-groups"] if os.geteuid() == 0 else []
        # It ends with us, also when we are killed.
        drop = ["setpriv", "--pdeathsig=TERM", *drop] if shutil.which("setpriv") else []
        self._started([*drop, DOVECOT, "-F", "-c", str(self.base / "dovecot.conf")], self.imap)

    def deliver(self, mail: bytes, *to: str, sender: str = "ann@example.org") -> None:
        """Hand a mail over as another mail server would."""
        self.deliver_all([mail], *to, sender=sender)

    def deliver_all(self, mails: Iterable[bytes], *to: str, sender: str = "ann@example.org") -> None:
        """Hand mails over one after the other, over one line."""
        with smtplib.LMTP("127.0.0.1", self.lmtp) as lmtp:
            for mail in mails:
                lmtp.sendmail(sender, list(to), mail)

    @contextmanager
    def mailbox(self, user: str) -> Iterator[imaplib.IMAP4]:
        """A mail program of this user's, other than the hub."""
        program = imaplib.IMAP4("127.0.0.1", self.imap)
        program.login(user, PASSWORD)
        try:
            yield program
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                program.logout()

    def append(self, user: str, folder: str, mail: bytes) -> None:
        """As the owner's own mail program does."""
        with self.mailbox(user) as program:
            assert program.append(folder, None, None, mail)[0] == "OK"

    def mails(self, user: str, folder: str = "INBOX") -> list[tuple[bytes, bytes]]:
        """(flags, mail) of everything in a folder."""
        with self.mailbox(user) as program:
            program.select(folder, readonly=True)
            found = program.uid("FETCH", "1:*", "(FLAGS BODY.PEEK[])")[1]
            return [(it[0], it[1]) for it in found if isinstance(it, tuple)]

    def renumber(self, user: str) -> None:
        """Give the folder another UIDVALIDITY: what a server does that has lost its index."""
        home = self.base / "mail" / user
        for file in home.glob("dovecot*"):
            file.unlink()
        # The new generation begins at the present second, and must be another one than the last.
        (home / "dovecot-uidvalidity").write_text("")
        lists = home / "dovecot-uidlist"
        lists.write_text(f"3 V{int(time.time()) + 1000} N1 G{os.urandom(16).hex()}\n")
        if os.geteuid() == 0:
            for file in (lists, home / "dovecot-uidvalidity"):
                shutil.chown(file, "nobody", "nogroup")


class Postfix(Server):
    """Takes mail for `domains` into Dovecot, and relays everything else to the `world`."""

    def __init__(self, *, lmtp: int, world: int, domains: str = "hub.test") -> None:
        super().__init__()
        (self.smtp,) = free_ports(1)
        values = {"BASE": self.base, "LMTP": lmtp, "WORLD": world, "SMTP": self.smtp, "DOMAINS": domains}
        etc = self.base / "etc"
        etc.mkdir()
        for name, text in (("main.cf", MAIN_CF), ("master.cf", MASTER_CF)):
            (etc / name).write_text(_filled(text, values))
        self._folders()

    def _folders(self) -> None:
        queue = self.base / "queue"
        queue.mkdir()
        for name in [
            "active",
            "bounce",
            "corrupt",
            "defer",
            "deferred",
            "flush",
            "hold",
            "incoming",
            "private",
            "saved",
            "trace",
        ]:
            _owned(queue / name, 0o700, "postfix", "root")
        _owned(queue / "maildrop", 0o730, "postfix", "postdrop")
        _owned(queue / "public", 0o710, "postfix", "postdrop")
        _owned(queue / "pid", 0o755, "root", "root")
        _owned(self.base / "data", 0o700, "postfix", "root")

    def start(self) -> None:
        """Run, until `stop`."""
        self._started([str(POSTFIX), "-c", str(self.base / "etc"), "-d"], self.smtp)


def _owned(path: Path, mode: int, user: str, group: str) -> None:
    path.mkdir()
    path.chmod(mode)
    shutil.chown(path, user, group)


def _filled(text: str, values: dict[str, object]) -> str:
    return re.sub(r"[A-Z]+", lambda found: str(values.get(found[0], found[0])), text)


def free_ports(count: int) -> list[int]:
    """Ports that nobody listened on a moment ago."""
    lines = [socket.socket() for _ in range(count)]
    for line in lines:
        line.bind(("127.0.0.1", 0))
    ports = [line.getsockname()[1] for line in lines]
    for line in lines:
        line.close()
    return ports
