"""What a browser takes for a word from one page to another over a socket that does nothing else: the measure beside ours.

Two pages of a bare server share one relay. Enter in the first sends its word, the second appends it as text; times are taken as in
the console's pages, from the key to the first task after the frame that shows it.
"""

from typing import Any

from playwright.sync_api import BrowserContext
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from tests.browser.hosts import LoopThread, Server

PAGE = """<!doctype html><title>Bare</title><input autofocus><div></div><script>
const line = new WebSocket(location.origin.replace("http", "ws") + "/line"), field = document.querySelector("input");
line.onopen = () => { window.open_ = true; };
const now = () => performance.timeOrigin + performance.now();
field.onkeydown = (event) => { if (event.key === "Enter") { window.enteredAt = now(); line.send(field.value); } };
line.onmessage = ({data}) => {
  document.querySelector("div").append(Object.assign(document.createElement("p"), {textContent: data}));
  requestAnimationFrame(() => {
    const {port1, port2} = new MessageChannel();
    port1.onmessage = () => { window.painted = [data, now()]; };
    port2.postMessage(0);
  });
};
</script>"""


class BarePages:
    """Two open pages; `once()` is one word from the first to the second."""

    def __init__(self, loop: LoopThread, context: BrowserContext) -> None:
        self._lines: set[WebSocket] = set()
        routes = [Route("/{any:path}", self._page), WebSocketRoute("/line", self._line)]
        self._server = Server(loop, Starlette(routes=routes[::-1]), 0)
        self._words = 0
        url = f"http://127.0.0.1:{self._server.port}/"
        self._from, self._to = context.new_page(), context.new_page()
        for page in (self._from, self._to):
            page.goto(url)
            page.wait_for_function("window.open_")

    def once(self) -> float:
        """Milliseconds from Enter to paint."""
        self._words += 1
        word = f"word {self._words}"
        self._from.locator("input").fill(word)
        self._from.locator("input").press("Enter")
        self._to.wait_for_function("(word) => window.painted?.[0] === word", arg=word)
        painted: float = self._to.evaluate("window.painted[1]")
        entered: float = self._from.evaluate("window.enteredAt")
        return painted - entered

    def stop(self) -> None:
        self._server.stop()

    async def _page(self, request: Request) -> Response:
        if request.path_params["any"]:
            return Response(status_code=204)
        return HTMLResponse(PAGE)

    async def _line(self, socket: WebSocket) -> Any:
        await socket.accept()
        self._lines.add(socket)
        try:
            while True:
                word = await socket.receive_text()
                for other in self._lines - {socket}:
                    await other.send_text(word)
        except WebSocketDisconnect:
            self._lines.discard(socket)
