// When somebody last touched this tab: mouse, keys, wheel or finger. The hub hears it with every beat, and at once after a
// while without; the tab that was touched last speaks for its operator.

/** Seconds without a touch after which the next one is told at once. */
const A_WHILE = 20;
const EVENTS = ["pointerdown", "pointermove", "keydown", "wheel", "touchstart"] as const;

let last = Date.now();

/** Whole seconds since the last touch. Opening the page is one. */
export const untouched = (): number => Math.max(0, Math.floor((Date.now() - last) / 1000));

/** Listens until the returned function is called; `back` is called at the first touch after a while. */
export function startTouches(back: () => void): () => void {
  const touched = () => {
    const before = untouched();
    last = Date.now();
    if (before >= A_WHILE) back();
  };
  for (const name of EVENTS) addEventListener(name, touched, { capture: true, passive: true });
  return () => EVENTS.forEach((name) => removeEventListener(name, touched, { capture: true }));
}
