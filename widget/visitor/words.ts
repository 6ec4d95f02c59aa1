/** Small things that several parts of the tracker need. The panel gets them through core.ts. */

/** A name for a command, 28 random characters; works on plain http, where randomUUID does not. */
export const newId = (): string => {
  let id = "";
  for (const n of crypto.getRandomValues(new Uint32Array(4))) id += n.toString(36).padStart(7, "0");
  return id;
};

/** At most `limit` UTF-16 units, never ending in half a character: half ones are no valid JSON text for the hub. */
export const clip = (text: string, limit: number): string => text.slice(0, limit).replace(/[\ud800-\udbff]$/, "");

/** Where mistakes of ours go. */
export const failed = (error: unknown): void => console.debug("hub:", error);

/** Wraps what the browser calls, so that no mistake of ours ever becomes an error of the shop's page. */
export const guard = <A extends unknown[]>(run: (...given: A) => void) => (...given: A): void => {
  try {
    run(...given);
  } catch (error) {
    failed(error);
  }
};
