"""A Chromium that is only asked what it did: no request is listened to, no script is let in.

Playwright turns on the accounts of network, console and scripts for every page, and each request of a page then costs its
main thread some of what a measurement wants to find. Here a page knows nothing of being measured but `Performance`.
"""

import itertools
import json
import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from websockets.sync.client import ClientConnection, connect

from tests.browser.conftest import ARGUMENTS, chromium_path

PATIENCE = 30.0


class Chromium:
    """A browser at the other end of its debugging socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = itertools.count(1)

    def call(self, method: str, session: str | None = None, **params: Any) -> dict[str, Any]:
        number = next(self._ids)
        target = {"sessionId": session} if session else {}
        self._socket.send(json.dumps({"id": number, "method": method, "params": params, **target}))
        while True:
            answer = json.loads(self._socket.recv(PATIENCE))
            if answer.get("id") == number:
                break
        if "error" in answer:
            raise RuntimeError(f"{method}: {answer['error']}")
        result: dict[str, Any] = answer["result"]
        return result

    @contextmanager
    def page(self) -> Iterator["BarePage"]:
        """An empty page of somebody new."""
        who = self.call("Target.createBrowserContext")["browserContextId"]
        target = self.call(
            "Target.createTarget", url="about:blank", browserContextId=who, width=1280, height=800
        )
        attached = self.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        try:
            yield BarePage(self, attached["sessionId"])
        finally:
            self.call("Target.disposeBrowserContext", browserContextId=who)


class BarePage:
    """One page, and what its main thread did, in milliseconds of CPU time."""

    def __init__(self, browser: Chromium, session: str) -> None:
        self._browser, self._session = browser, session
        browser.call("Performance.enable", session, timeDomain="threadTicks")

    def goes_to(self, url: str) -> None:
        self._browser.call("Page.navigate", self._session, url=url)

    def metrics(self) -> dict[str, float]:
        """Chromium's own names and units: seconds, counts, bytes."""
        got = self._browser.call("Performance.getMetrics", self._session)
        return {one["name"]: one["value"] for one in got["metrics"]}

    def evaluate(self, expression: str) -> Any:
        got = self._browser.call(
            "Runtime.evaluate", self._session, expression=expression, awaitPromise=True, returnByValue=True
        )
        return got["result"].get("value")


@contextmanager
def chromium() -> Iterator[Chromium]:
    """A browser of its own, ended at the end."""
    path = chromium_path()
    if path is None:
        raise SystemExit("no Chromium: apt-get install chromium, or name one in HUB_CHROMIUM")
    with TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [
            path,
            *ARGUMENTS,
            "--headless=new",
            "--remote-debugging-port=0",
            f"--user-data-dir={profile}",
        ]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        running = subprocess.Popen([*command, "about:blank"], env=os.environ, **quiet)
        try:
            with connect(_address(Path(profile), running), max_size=None) as socket:
                yield Chromium(socket)
        finally:
            running.terminate()
            running.wait(PATIENCE)


def _address(profile: Path, running: "subprocess.Popen[bytes]") -> str:
    """Chromium writes where it listens into its profile."""
    end = time.monotonic() + PATIENCE
    place = profile / "DevToolsActivePort"
    while time.monotonic() < end and running.poll() is None:
        if place.exists() and len(lines := place.read_text().split("\n")) > 1:
            return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
        time.sleep(0.05)
    raise RuntimeError("Chromium did not open its debugging socket; see whether it starts by hand")
