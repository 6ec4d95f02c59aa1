// The settings, for admins: pages beside each other, each in a file of its own under settings/. A page is a row of PAGES;
// its name there is its address (#settings/NAME) and its label is the text `settings.NAME`.

import type { ComponentType } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { Icon, type IconName } from "../design/icons";
import "../parts/settings/words";
import { useHub } from "../state/hub";
import { type AnyKey, t } from "../text";
import { Connections } from "./health";
import { Answering } from "./settings/answering";
import { Decisions } from "./settings/decisions";
import { ConfigurationFile } from "./settings/file";
import { Hours } from "./settings/hours";
import { Look } from "./settings/look";
import { Routing } from "./settings/routing";
import { People } from "./settings/people";
import { Sites } from "./settings/sites";
import { Undelivered } from "./settings/undelivered";
import { Operators } from "./operators";
import { Queues } from "./queues";

interface PageOf {
  readonly name: string;
  readonly label: AnyKey;
  readonly icon: IconName;
  readonly View: ComponentType;
}

export const PAGES: readonly PageOf[] = [
  { name: "sites", label: "settings.sites", icon: "globe", View: Sites },
  { name: "look", label: "settings.look", icon: "brush", View: Look },
  { name: "hours", label: "settings.hours", icon: "clock", View: Hours },
  { name: "answering", label: "settings.answering", icon: "bell", View: Answering },
  { name: "operators", label: "settings.operators", icon: "people", View: Operators },
  { name: "queues", label: "settings.queues", icon: "rows", View: Queues },
  { name: "routing", label: "settings.routing", icon: "split", View: Routing },
  { name: "people", label: "settings.people", icon: "twins", View: People },
  { name: "decisions", label: "settings.decisions", icon: "link", View: Decisions },
  { name: "connections", label: "settings.connections", icon: "pulse", View: Connections },
  { name: "undelivered", label: "settings.undelivered", icon: "block", View: Undelivered },
  { name: "file", label: "settings.file", icon: "file", View: ConfigurationFile },
];

export function Settings() {
  const { desk } = useHub();
  const page = PAGES.find((one) => one.name === desk.settings.value) ?? PAGES[0]!;
  const { View } = page;
  const list = useRef<HTMLUListElement>(null);
  // On a narrow screen the list is one line that may be longer than the screen.
  useEffect(() => list.current?.querySelector("[aria-current]")?.scrollIntoView?.({ block: "nearest", inline: "center" }), [page]);
  return (
    <main class="page settings">
      <nav class="settings-nav" aria-label={t("settings.nav")}>
        <h1>{t("nav.settings")}</h1>
        <ul ref={list}>
          {PAGES.map((one) => (
            <li key={one.name}>
              <button type="button" class="settings-link" aria-current={one === page ? "page" : undefined} onClick={() => desk.goSettings(one.name)}>
                <Icon name={one.icon} /><span>{t(one.label)}</span>
              </button>
            </li>
          ))}
          <li>
            <button type="button" class="settings-link" onClick={() => desk.go("replies")}>
              <Icon name="canned" /><span>{t("settings.replies")}</span>
            </button>
          </li>
        </ul>
      </nav>
      {/* A page that is longer than the window is scrolled by keys, too. */}
      <section class="settings-page scroll" key={page.name} aria-labelledby="settings-title" tabIndex={0}>
        <h2 id="settings-title">{t(page.label)}</h2>
        <View />
      </section>
    </main>
  );
}
