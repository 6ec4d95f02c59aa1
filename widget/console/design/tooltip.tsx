// One tooltip for the whole console: any element with `data-tip` (and `data-key`) has it, on hover and on keyboard focus.
//
// Fixed to the window, so that no scrolling box cuts it off. Escape hides it.

import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Keys } from "./button";

const DELAY = 350;
const GAP = 6;

interface Tip {
  at: Element;
  text: string;
  keys: string;
}

function tipOf(target: EventTarget | null): Tip | null {
  const at = target instanceof Element ? target.closest("[data-tip]") : null;
  const text = at?.getAttribute("data-tip");
  return at && text ? { at, text, keys: at.getAttribute("data-key") ?? "" } : null;
}

export function TipLayer() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (next: Tip | null, delay: number) => {
      clearTimeout(timer);
      timer = setTimeout(() => setTip(next), next ? delay : 0);
    };
    const over = (event: Event) => later(tipOf(event.target), DELAY);
    const focus = (event: Event) => {
      if ((event.target as Element).matches?.(":focus-visible")) later(tipOf(event.target), DELAY);
    };
    const hide = () => later(null, 0);
    const key = (event: KeyboardEvent) => event.key === "Escape" && hide();
    const pairs: [string, EventListener][] = [
      ["pointerover", over], ["focusin", focus], ["pointerdown", hide], ["focusout", hide], ["scroll", hide],
      ["keydown", key as EventListener],
    ];
    for (const [name, listener] of pairs) document.addEventListener(name, listener, true);
    return () => {
      clearTimeout(timer);
      for (const [name, listener] of pairs) document.removeEventListener(name, listener, true);
    };
  }, []);
  return tip?.at.isConnected ? <Bubble tip={tip} /> : null;
}

function Bubble({ tip }: { tip: Tip }) {
  const box = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (!box.current) return;
    const at = tip.at.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = box.current;
    const below = at.bottom + GAP + height < innerHeight;
    const x = Math.min(Math.max(GAP, at.left + at.width / 2 - width / 2), innerWidth - width - GAP);
    box.current.style.left = `${x}px`;
    box.current.style.top = `${below ? at.bottom + GAP : at.top - GAP - height}px`;
  }, [tip]);
  return (
    <div class="tip" role="tooltip" ref={box} dir="auto">
      {tip.text}
      {tip.keys && <Keys keys={tip.keys} />}
    </div>
  );
}
