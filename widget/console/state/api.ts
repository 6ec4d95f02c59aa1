// Plain requests to the hub: sign-in and older pages. Everything live goes over the line (transport.ts).

import type {
  CannedLoaded, ConversationPage, FoundIn, MadeLink, Me, MessagePage, OpenedLink, PanelAnswer, PanelPage, QueueLoads, SearchPage, SessionPage, SitePages,
  TagsInUse, TimelinePage, TrackingProblems, VisitPath,
} from "../../wire/console";
import type { ConnectionsPage, FilePage, JudgeUndelivered, SettingsPage, SitePreview, UndeliveredPage } from "../../wire/settings";
import type { JudgedSuggestion, JudgeSuggestion, Shelf, SuggestionPage, SuggestionPair } from "../../wire/suggestions";
import type { Deciding, DecisionPage, ErasurePlan, Explanation, Preview } from "../../wire/evidence";
import type { RulesPage } from "../../wire/ruling";
import type { Explained, Rule, RulesPage as RoutingPage, Trial } from "../../wire/routing";
import type { CasePage, DecideCase } from "../../wire/cases";
import type { SheetPage } from "../../wire/sheet";
import type { Ways } from "../../wire/ways";
import { pause } from "./backoff";
import { newId } from "./ids";

/** The hub said no, in its one error shape. `message` is its sentence, ready to be shown. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Seconds to wait, for 429. */
    readonly retryAfter: number,
    readonly fields: Record<string, string>,
  ) {
    super(message);
  }
}

/** Times that a request is sent whose answer did not come. Its key makes of all of them one. */
const TRIES = 3;
/** The hub gives no answer to these again: each is a cookie of its own. */
const ALONE = /^\/api\/(sign-|links\/)/;

/** Any request that changes something, under a key: asked again where no answer came, and carried out once. Null: none came. */
export async function once(path: string, init: RequestInit): Promise<Response | null> {
  const headers = { ...(init.headers as Record<string, string>), "idempotency-key": newId() };
  for (let tried = 1; ; tried++) {
    const response = await fetch(path, { ...init, headers }).catch(() => null);
    if (response || tried === TRIES || ALONE.test(path)) return response;
    await new Promise((go) => setTimeout(go, pause(tried)));
  }
}

/** `status` 0: there was no answer at all. */
export async function ask<T>(path: string, body?: unknown, type = "application/json"): Promise<T> {
  const response =
    body === undefined
      ? await fetch(path, { method: "GET", headers: {} }).catch(() => null)
      : await once(path, { method: "POST", headers: { "content-type": type }, body: typeof body === "string" ? body : JSON.stringify(body) });
  if (!response) throw new ApiError(0, "no_answer", "", 0, {});
  const text = await response.text();
  if (response.ok) return (text ? JSON.parse(text) : null) as T;
  throw problem(response, text);
}

function problem(response: Response, text: string): ApiError {
  const wait = Number(response.headers.get("retry-after")) || 0;
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; fields?: Record<string, string> } };
    return new ApiError(response.status, error.code, error.message, wait, error.fields ?? {});
  } catch {
    return new ApiError(response.status, `http_${response.status}`, "", wait, {});
  }
}

/** By name (limits, others, crowds) and kind. */
export type RuleNumbers = Readonly<Record<string, Readonly<Record<string, number | null>>>>;

const site = (key: string): string => `/api/settings/sites/${encodeURIComponent(key)}`;

export const api = {
  me: () => ask<Me>("/api/me"),
  signIn: (login: string, password: string) => ask<Me>("/api/sign-in", { login, password }),
  choose: (own: { language: string; zone: string }) => ask<unknown>("/api/me/choices", own),
  /** Whether this browser is called while it is closed; without a `key` the hub cannot, and `why` says so. */
  webpush: () => ask<{ key?: string; why?: string; endpoint?: string; words?: boolean }>("/api/webpush"),
  webpushKeep: (kept: { endpoint: string; key: string; auth: string; words: boolean }) => ask<unknown>("/api/webpush/keep", kept),
  webpushEnd: () => ask<unknown>("/api/webpush/end", {}),
  webpushQuiet: (until: number) => ask<unknown>("/api/webpush/quiet", { until }),
  webpushTest: () => ask<unknown>("/api/webpush/test", {}),
  signOut: () => ask<unknown>("/api/sign-out", {}),
  /** `query` as `inbox.asked` makes it. */
  conversations: (query: string, before: string | null) =>
    ask<ConversationPage>(`/api/conversations?${query}${before ? `&before=${encodeURIComponent(before)}` : ""}`),
  search: (words: string, before: string | null) =>
    ask<SearchPage>(`/api/search?q=${encodeURIComponent(words)}${before ? `&before=${encodeURIComponent(before)}` : ""}`),
  messages: (conversation: string, before: number) =>
    ask<MessagePage>(`/api/conversations/${conversation}/messages?before=${before}`),
  /** On from a message in the middle. */
  messagesAfter: (conversation: string, after: number) =>
    ask<MessagePage>(`/api/conversations/${conversation}/messages?after=${after}`),
  /** Numbers of the messages that fit, the newest first. */
  find: (conversation: string, words: string) => ask<FoundIn>(`/api/conversations/${conversation}/find?q=${encodeURIComponent(words)}`),
  tags: () => ask<TagsInUse>("/api/tags"),
  /** Pages of a site that were looked at lately, the latest first. */
  pages: (site: string) => ask<SitePages>(`/api/sites/${encodeURIComponent(site)}/pages`),
  queues: () => ask<QueueLoads>("/api/queues"),
  /** `narrow`: what the timeline is narrowed to (`kind`, `channel`, `q`). */
  timeline: (customer: string, before: string | null, narrow: Readonly<Record<string, string>> = {}) =>
    ask<TimelinePage>(`/api/customers/${customer}/timeline?${new URLSearchParams({ ...narrow, ...(before ? { before } : {}) })}`),
  /** Why a record is one person. */
  why: (customer: string) => ask<Explanation>(`/api/customers/${customer}/why`),
  /** What erasing a person would take with it. */
  erasure: (customer: string) => ask<ErasurePlan>(`/api/customers/${customer}/erase`),
  /** There is no way back. `name` is the plan's. */
  erase: (customer: string, name: string) => ask<unknown>(`/api/customers/${customer}/erase`, { name }),
  /** What a decision would do. */
  previewDecision: (wish: Deciding) => ask<Preview>("/api/decisions/preview", wish),
  decisions: (before: string | null) => ask<DecisionPage>(`/api/decisions${before ? `?before=${before}` : ""}`),
  /** What stands beside a record: panels of plugins, and carts. */
  beside: (customer: string, conversation: string | null) =>
    ask<PanelPage>(`/api/customers/${customer}/panels${conversation ? `?conversation=${conversation}` : ""}`),
  /** Presses a plugin's button. Throws ApiError with the plugin's reason. */
  press: (customer: string, panel: string, action: string, conversation: string | null) =>
    ask<PanelAnswer>(`/api/customers/${customer}/panels/${encodeURIComponent(panel)}`, { action, conversation }),
  /** Keeps all canned replies of a file. Throws ApiError, whose fields are all problems by place. */
  loadCanned: (whose: "own" | "shared", file: string, type: "text/csv" | "application/json") =>
    ask<CannedLoaded>(`/api/canned/${whose}/import`, file, type),
  settings: () => ask<SettingsPage>("/api/settings"),
  /** Keeps values by name; null takes one back. Throws ApiError, whose fields are all problems by place. */
  keepSettings: (key: string, values: Readonly<Record<string, unknown>>, seen: number) => ask<SettingsPage>(site(key), { values, seen }),
  undoSettings: (key: string, change: string) => ask<SettingsPage>(`${site(key)}/undo`, { change }),
  previewSettings: (key: string, values: Readonly<Record<string, unknown>>) => ask<SitePreview>(`${site(key)}/preview`, { values }),
  suggestions: (shelf: Shelf, before: string | null) => ask<SuggestionPage>(`/api/suggestions?shelf=${shelf}${before ? `&before=${before}` : ""}`),
  suggestionPair: (a: string, b: string) => ask<SuggestionPair>(`/api/suggestions/pair?a=${a}&b=${b}`),
  judgeSuggestion: (asked: JudgeSuggestion) => ask<JudgedSuggestion>("/api/suggestions", asked),
  ruling: () => ask<RulesPage>("/api/identity/rules"),
  /** Begins counting what other numbers would do; null is the number the hub ships with. */
  tryRuling: (numbers: RuleNumbers) => ask<RulesPage>("/api/identity/rules/try", { numbers }),
  keepRuling: (numbers: RuleNumbers, seen: number) => ask<RulesPage>("/api/identity/rules", { numbers, seen }),
  undoRuling: (change: string) => ask<RulesPage>("/api/identity/rules/undo", { change }),
  sheet: (conversation: string) => ask<SheetPage>(`/api/conversations/${conversation}/sheet`),
  case: (conversation: string) => ask<CasePage>(`/api/conversations/${conversation}/case`),
  decideCase: (conversation: string, asked: DecideCase) => ask<CasePage>(`/api/conversations/${conversation}/case`, asked),
  routing: () => ask<RoutingPage>("/api/routing"),
  /** Keeps all rules. Throws ApiError, whose fields are all problems by place. */
  keepRouting: (rules: readonly Rule[], seen: number) => ask<RoutingPage>("/api/routing", { rules, seen }),
  restoreRouting: (edition: number, seen: number) => ask<RoutingPage>("/api/routing/restore", { edition, seen }),
  /** What the rules would have done with the conversations that began last. */
  tryRouting: (rules: readonly Rule[]) => ask<Trial>("/api/routing/try", { rules }),
  /** Why a conversation is where it is. */
  whyHere: (conversation: string) => ask<Explained>(`/api/conversations/${conversation}/routing`),
  ways: (conversation: string) => ask<Ways>(`/api/conversations/${conversation}/ways`),
  undelivered: () => ask<UndeliveredPage>("/api/undelivered"),
  judgeUndelivered: (asked: JudgeUndelivered) => ask<UndeliveredPage>("/api/undelivered", asked),
  connections: () => ask<ConnectionsPage>("/api/connections"),
  /** One try at once, when somebody has seen to what was wrong. */
  tryAgain: (name: string) => ask<ConnectionsPage>(`/api/connections/${encodeURIComponent(name)}/again`, {}),
  fileSettings: () => ask<FilePage>("/api/settings/file"),
  /** Throws ApiError, as all of these. */
  invite: (asked: { role: "admin" | "operator"; queues: string[]; note: string; limit: number | null }) => ask<MadeLink>("/api/operators/invite", asked),
  renewPassword: (operator: string) => ask<MadeLink>(`/api/operators/${operator}/link`, {}),
  lookLink: (token: string) => ask<OpenedLink>("/api/links/look", { token }),
  useLink: (used: { token: string; password: string; name?: string; login?: string }) => ask<Me>("/api/links/use", used),
  password: (old: string, next: string) => ask<unknown>("/api/password", { old, new: next }),
  /** One's own, or an operator's. */
  sessions: (of?: string) => ask<SessionPage>(of ? `/api/operators/${of}/sessions` : "/api/sessions"),
  endSessions: (of?: string, session?: string) => ask<unknown>(of ? `/api/operators/${of}/sessions/end` : "/api/sessions/end", session ? { session } : {}),
  visit: (id: string) => ask<VisitPath>(`/api/visits/${id}`),
  /** How I look: a picture, or none. */
  face: async (picture: File | null) => {
    const response = await once("/api/me/picture", picture ? { method: "POST", body: picture } : { method: "DELETE" });
    if (!response) throw new ApiError(0, "no_answer", "", 0, {});
    if (!response.ok) throw problem(response, await response.text());
  },
  /** Events that other trackers sent and the hub could not take, the newest first. */
  problems: () => ask<TrackingProblems>("/api/tracking/problems").then((page) => page.problems),
};
