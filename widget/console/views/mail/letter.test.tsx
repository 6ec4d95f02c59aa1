// What stands around a letter: when it was written where that is not when it came, and what is doubtful about it.

import { render } from "preact";
import { expect, it } from "vitest";
import type { Mail } from "../../../wire/console";
import { exact } from "../../design/time";
import { id, message } from "../../testing/people";
import { stage } from "../../testing/stage";
import { Letter } from "./letter";

stage();

const CAME = Date.UTC(2026, 10, 22, 12);

function around(mail: Mail): string {
  const place = document.createElement("div");
  render(<Letter of={message(id(1), 1, "visitor", "Hello", { at: CAME, mail })} />, place);
  return place.textContent!;
}

it("says when a letter was written that came late, and nothing of one that came at once", () => {
  const yesterday = CAME - 86_400_000;
  expect(around({ at: yesterday })).toContain(`Written ${exact(yesterday)}`);
  expect(around({ at: CAME - 60_000 })).not.toContain("Written");
  expect(around({})).not.toContain("Written");
});

it("says why a letter stands by itself", () => {
  expect(around({ unproven: true })).toContain("nothing proves that it is from them");
  expect(around({ strange: true })).toContain("its sender took no part in");
  expect(around({})).not.toContain("claims to follow");
});
