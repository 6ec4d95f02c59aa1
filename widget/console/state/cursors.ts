// What this operator has received and seen, who types and who looks: said as it changes, and said again after a
// reconnect, since none of it is acknowledged.

import type { FromTab, Id } from "../../wire/console";

const TYPING_LASTS = 5_000;

interface Place {
  delivered: number;
  read: number;
  viewing: boolean;
  typing: ReturnType<typeof setTimeout> | null;
}

export class Cursors {
  private readonly places = new Map<Id, Place>();

  constructor(private readonly send: (frame: FromTab) => boolean) {}

  /** Numbers only ever grow; the hub hears of a growth at once. */
  seen(conversation: Id, delivered: number, read: number): void {
    const place = this.place(conversation);
    if (delivered <= place.delivered && read <= place.read) return;
    place.delivered = Math.max(place.delivered, delivered);
    place.read = Math.max(place.read, read);
    this.say(conversation, place);
  }

  viewing(conversation: Id, on: boolean): void {
    const place = this.place(conversation);
    if (place.viewing === on) return;
    place.viewing = on;
    this.send({ t: "viewing", conversation, on });
  }

  /** Called at each keystroke; says so once, and says the end after five quiet seconds. */
  typing(conversation: Id, on: boolean): void {
    const place = this.place(conversation);
    const was = place.typing;
    if (was) clearTimeout(was);
    place.typing = on ? setTimeout(() => this.typing(conversation, false), TYPING_LASTS) : null;
    if (on !== (was !== null)) this.send({ t: "typing", conversation, on });
  }

  resume(): void {
    for (const [conversation, place] of this.places) {
      if (place.delivered || place.read) this.say(conversation, place);
      if (place.viewing) this.send({ t: "viewing", conversation, on: true });
      if (place.typing) this.send({ t: "typing", conversation, on: true });
    }
  }

  private say(conversation: Id, { delivered, read }: Place): void {
    this.send({ t: "cursor", conversation, delivered, read });
  }

  private place(conversation: Id): Place {
    const place = this.places.get(conversation) ?? { delivered: 0, read: 0, viewing: false, typing: null };
    this.places.set(conversation, place);
    return place;
  }
}
