// Names this tab gives to its own commands: 128 random bits, so that sending one twice is sending it once.

/** 32 hex characters. */
export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
