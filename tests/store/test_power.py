"""What is acknowledged is on the disk, not only in the kernel's memory: seen from outside, system call by system call.

Killing the process cannot show this, because the kernel's page cache outlives it; only a lost power would.
"""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CHILD = Path(__file__).with_name("power_child.py")


def acknowledged_without_sync(folder: Path, synchronous: str) -> int:
    """How many of twenty acknowledgements came without a successful sync since the one before."""
    log = folder / f"{synchronous}.strace"
    strace = ["strace", "-f", "--seccomp-bpf", "-e", "trace=fsync,fdatasync,write", "-o", log]
    run = subprocess.run(
        [*strace, sys.executable, CHILD, folder / f"{synchronous}.db", synchronous],
        cwd=CHILD.parents[2],
        capture_output=True,
        check=False,
    )
    if run.returncode and b"ptrace" in run.stderr:
        pytest.skip("this machine forbids strace to trace")
    assert run.returncode == 0, run.stderr.decode()
    missing, synced = 0, False
    for line in log.read_text().splitlines():
        if "sync" in line and line.endswith("= 0"):
            synced = True
        elif 'write(1, "acknowledged' in line:
            missing, synced = missing + (not synced), False
    return missing


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace (apt install strace)")
def test_between_a_commit_and_its_acknowledgement_lies_a_sync(tmp_path):
    assert acknowledged_without_sync(tmp_path, "FULL") == 0
    # The control: a test that could not fail here would prove nothing above.
    assert acknowledged_without_sync(tmp_path, "NORMAL") > 10
