/**
 * What a shop's tag loads: `<script async src="https://hub.example/widget.js" data-site="KEY"></script>`.
 *
 * A classic script, because that is what people paste. It finds its own address and site, takes over the queue of
 * early calls, and brings the tracker when the page is parsed, has a moment, and is really shown (a prerendered page
 * may never be).
 */

interface Hub {
  (...given: unknown[]): void;
  q?: unknown[][];
  started?: boolean;
}

(() => {
  const page = window as unknown as { hub?: Hub };
  const script = document.currentScript ?? document.querySelector("script[data-site]");
  if (!(script instanceof HTMLScriptElement)) return;
  const { site, language } = script.dataset;
  if (!site) return console.warn("hub: the script tag lacks data-site");
  // `window.hub` is also what an element with id="hub" is found under: only a function is a queue.
  if (typeof page.hub !== "function") {
    const hub: Hub = (...given) => void (hub.q ??= []).push(given);
    page.hub = hub;
  }
  const queue = page.hub;
  if (queue.started) return;
  queue.started = true;
  const origin = new URL(script.src).origin;
  const start = () => {
    import(`${origin}/assets/${__VISITOR_FILE__}`)
      .then((tracker) => tracker.default({ site, origin, language, queue: (queue.q ??= []) }))
      .catch((error) => console.debug("hub:", error));
  };
  // The shop's own scripts and its first picture come before us.
  const parsed = () => (window.requestIdleCallback ?? setTimeout)(start, { timeout: 1_000 } as never);
  const shown = () => {
    if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", parsed);
    else parsed();
  };
  if ((document as { prerendering?: boolean }).prerendering) document.addEventListener("prerenderingchange", shown);
  else shown();
})();
