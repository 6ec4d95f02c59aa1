/** Builds elements one by one: no markup from strings, so nothing a person typed can ever become markup. */

type Attributes = Record<string, string>;

/** An element with a class, attributes and children; a string child is text. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K, name: string, attributes: Attributes = {}, ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  made.className = name;
  for (const key in attributes) made.setAttribute(key, attributes[key]!);
  made.append(...children);
  return made;
}

/** A drawing of strokes in the colour of the text, for eyes only. */
export function icon(strokes: string, size = 20): SVGElement {
  const draw = <T extends SVGElement>(tag: string, attributes: Attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", tag) as T;
    for (const key in attributes) made.setAttribute(key, attributes[key]!);
    return made;
  };
  const svg = draw("svg", { viewBox: "0 0 24 24", width: `${size}`, height: `${size}`, "aria-hidden": "true", class: "icon" });
  svg.append(draw("path", { d: strokes }));
  return svg;
}

export const ICONS = {
  close: "m7 7 10 10M17 7 7 17",
  down: "M12 6v12m-5-5 5 5 5-5",
  send: "M12 18.5V6m-5 5 5-5 5 5",
  attach: "m20 11.5-7.8 7.8a4.6 4.6 0 0 1-6.5-6.5l8-8a3.1 3.1 0 0 1 4.4 4.4l-7.9 7.9a1.5 1.5 0 0 1-2.2-2.2l7.1-7.1",
  smile: "M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0m4.8 2.5c1.5 2 4.9 2 6.4 0M9.2 9.7v.01m5.6 0v-.01",
  more: "M12 6h.01M12 12h.01M12 18h.01",
  sending: "M12 7.5V12l2.5 2M4.5 12a7.5 7.5 0 1 0 15 0 7.5 7.5 0 1 0-15 0",
  sent: "m6 12.5 4 4 8-9",
  delivered: "m3 12.5 4 4 8-9m-2.5 8 1 1 8-9",
  failed: "M12 8v5m0 3h.01M4 12a8 8 0 1 0 16 0 8 8 0 1 0-16 0",
};

/** A button that does something when pressed; with `label` for one that shows only a picture. */
export function press(name: string, label: string, run: () => void, ...children: (Node | string)[]): HTMLButtonElement {
  const made = el("button", name, { type: "button", ...(label && { "aria-label": label, title: label }) }, ...children);
  on(made, "click", run);
  return made;
}

/** Sets text only when it differs: a live region speaks at every write. */
export function write(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Listens, and keeps a mistake of ours from becoming an error of the shop's page. */
export function on<E extends Event>(target: EventTarget, type: string, run: (event: E) => void): void {
  target.addEventListener(type, (event) => {
    try {
      run(event as E);
    } catch (error) {
      console.debug("hub:", error);
    }
  });
}
