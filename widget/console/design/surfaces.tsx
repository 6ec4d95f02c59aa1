// Quiet surfaces: what a place says while it is empty, and the strip above everything when something is not as usual.

import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icons";

/** Says what will appear here and how to make it appear. */
export function EmptyState({ icon, title, children }: { icon: IconName; title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children}
    </div>
  );
}

export function Banner({ kind = "", children }: { kind?: "warm" | "bad" | ""; children: ComponentChildren }) {
  return (
    <div class={`banner ${kind}`} role="status">
      {children}
    </div>
  );
}
