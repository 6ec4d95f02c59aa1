// How an operator likes to work at the desk; kept in this browser, for them alone.

import { type Signal, signal } from "@preact/signals";
import type { Id } from "../../wire/console";
import { recall, remember } from "./storage";

export class Habits {
  /** After a message is sent, go on to whoever of mine waits longest. */
  readonly goOn: Signal<boolean>;
  /** Keep the panes in order of urgency, whenever nobody types or points. */
  readonly inOrder: Signal<boolean>;

  constructor(private readonly me: Id) {
    this.goOn = signal(recall<boolean>(`go-on.${me}`) ?? false);
    this.inOrder = signal(recall<boolean>(`in-order.${me}`) ?? false);
  }

  set(habit: "goOn" | "inOrder", on: boolean): void {
    this[habit].value = on;
    remember(`${habit === "goOn" ? "go-on" : "in-order"}.${this.me}`, on);
  }
}
