// The keyboard that lies over the page on a phone. Some browsers make the page smaller for it, some only what is seen of the
// page; either way the console is as high as what is seen, so that the field one writes in never lies under it.

/** Less than this share of the greatest height seen is what a keyboard leaves. */
const LEFT = 0.75;

const writing = (): boolean => document.activeElement?.matches("textarea, input:not([type=checkbox], [type=radio], [type=button])") ?? false;

/** Keeps `--seen` and `data-keyboard` of the page true; returns how to end it. */
export function startKeyboard(): () => void {
  const seen = globalThis.visualViewport;
  const root = document.documentElement;
  if (!seen || !matchMedia("(pointer: coarse)").matches) return () => {};
  let [width, full] = [innerWidth, 0];
  const look = () => {
    if (innerWidth !== width) [width, full] = [innerWidth, 0]; // turned round
    full = Math.max(full, seen.height);
    // Zoomed in by two fingers, less is seen as well: then nothing moves.
    const smaller = seen.scale === 1 && seen.height < innerHeight - 1;
    root.style.setProperty("--seen", smaller ? `${Math.round(seen.height)}px` : "100dvh");
    const high = seen.height >= full * LEFT;
    if (high || writing()) root.toggleAttribute("data-keyboard", !high);
    if (smaller) scrollTo(0, 0);
  };
  // Not on losing the focus: what moves under a finger that has just come down is not what it meant.
  const events = [[seen, "resize"], [seen, "scroll"], [document, "focusin"]] as const;
  for (const [target, name] of events) target.addEventListener(name, look);
  look();
  return () => {
    for (const [target, name] of events) target.removeEventListener(name, look);
    root.style.removeProperty("--seen");
    root.removeAttribute("data-keyboard");
  };
}
