"""What no page may do while a test runs: log an error, throw, open a dialog, break a content policy, or call a foreign host.

Every context of a test is watched from its first page on; the test fails at its end with all that was seen. Some tests
provoke what browsers themselves log, such as a socket that broke: they name it with `forgive`, as narrowly as they can.
"""

import re
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Dialog, Page, Request, WebError, WebSocket

OWN_HOSTS = ("localhost", "127.0.0.1", "")

ALWAYS = (
    # The console asks who is signed in; before the sign-in the answer is 401, and Chromium logs that by itself.
    r"status of 401 .*/api/me$",
    # Chromium's own words for a page that lets go of a line it was just dialling: a tab that was told to begin anew, or is closed.
    r"console\.warning: WebSocket connection to .* WebSocket is closed before the connection is established",
)


class Watch:
    """Collects trouble of all contexts of one test."""

    def __init__(self) -> None:
        self.trouble: list[str] = []
        self._forgiven = [re.compile(pattern) for pattern in ALWAYS]

    def over(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", self._thrown)
        context.on("dialog", self._dialog)
        context.on("request", self._request)
        context.on("page", self._page)

    def forgive(self, pattern: str) -> None:
        """Trouble in which this regular expression is found is meant to happen in this test."""
        self._forgiven.append(re.compile(pattern))

    def verdict(self) -> None:
        found = [one for one in self.trouble if not any(pattern.search(one) for pattern in self._forgiven)]
        assert not found, "pages did what no page may:\n  " + "\n  ".join(found)

    def _page(self, page: Page) -> None:
        page.on("websocket", self._socket)
        page.on("crash", lambda crashed: self.trouble.append(f"crash: {crashed.url}"))

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            self.trouble.append(
                f"console.{message.type}: {message.text} at {message.location.get('url', '')}"
            )

    def _thrown(self, error: WebError) -> None:
        self.trouble.append(f"thrown: {error.error}")

    def _dialog(self, dialog: Dialog) -> None:
        self.trouble.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _request(self, request: Request) -> None:
        self._foreign(request.url)

    def _socket(self, socket: WebSocket) -> None:
        self._foreign(socket.url)

    def _foreign(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob") and parts.hostname not in OWN_HOSTS:
            self.trouble.append(f"foreign host: {url}")
