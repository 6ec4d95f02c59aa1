// What the worker says: to people whose browser shows nothing else of the console, so in their own language. The sentences are
// cut out of the console's texts when it is built; the worker loads no file, since it also speaks where there is no line.

export type WorkerWords = Readonly<Record<string, string>>;

/** What comes with a push (`hub/webpush/sender.py`). */
export interface Pushed {
  kind: "waits" | "test";
  language?: string;
  conversation?: string;
  site?: string;
  round?: number;
  /** The customer's, where the operator allows it. */
  name?: string;
  text?: string;
}

export interface Told {
  title: string;
  body: string;
  tag: string;
  conversation: string;
}

const ALL = __WORKER_WORDS__;
const fill = (text: string, values: Record<string, string>) => text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);

/** Sentences of the language chosen, or of the first that the browser asks for. */
export function wordsOf(language: string, tags: readonly string[]): { language: string; words: WorkerWords } {
  const wanted = [language, ...tags].map((tag) => tag.toLowerCase().split("-")[0]!).find((one) => ALL[one]);
  return { language: wanted ?? "en", words: { ...ALL["en"], ...(wanted ? ALL[wanted] : {}) } };
}

/** The notification of a push. A later round of the same conversation has the same tag, so it replaces the earlier one. */
export function told(push: Pushed, tags: readonly string[]): Told {
  const { words } = wordsOf(push.language ?? "", tags);
  const conversation = push.conversation ?? "";
  if (push.kind === "test") return { title: words["test.title"]!, body: words["test.body"]!, tag: "hub.test", conversation };
  const values = { name: push.name || words["visitor"]!, site: push.site ?? "" };
  const late = (push.round ?? 0) > 0;
  const title = push.name ? fill(words[late ? "alarm.nobody" : "alarm.waits"]!, values) : fill(words[late ? "pushed.late" : "pushed.waits"]!, values);
  return { title, body: push.text ?? (push.name ? values.site : ""), tag: `hub.${conversation}`, conversation };
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (one) => `&#${one.charCodeAt(0)};`);

export const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; text-align: center; background: #f3f1ee; color: #22272e; }
main { max-width: 30em; padding: 24px; }
h1 { font-size: 20px; margin: 0 0 8px; }
a { display: inline-block; margin-top: 16px; padding: 12px 20px; border-radius: 6px; background: #12566b; color: #fff; text-decoration: none; }
@media (prefers-color-scheme: dark) { body { background: #17191d; color: #ecebe8; } }
`;

/** The page in place of the console where the hub cannot be reached. It tries again by itself, and holds nothing of anybody. */
export function awayPage(tags: readonly string[]): string {
  const { language, words } = wordsOf("", tags);
  const say = (key: string) => escaped(words[key]!);
  return `<!doctype html><html lang="${language}" dir="${language === "ar" || language === "he" ? "rtl" : "ltr"}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="refresh" content="15">
<title>${say("away.title")}</title><style>${STYLE}</style></head>
<body><main><h1>${say("away.title")}</h1><p>${say("away.lead")}</p><a href="/">${say("again")}</a></main></body></html>`;
}
