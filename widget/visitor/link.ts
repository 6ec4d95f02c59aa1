/**
 * Finds web addresses in what people write.
 *
 * Only http and https become links, and the whole address is shown as it is, so that nobody is sent anywhere but
 * where the text says.
 */

export interface Part {
  text: string;
  /** Address, for a link. */
  href?: string;
}

// An address ends where a mark turns the direction of writing: behind one it could show as another.
const CANDIDATE = /\b(?:https?:\/\/|www\.)[^\s<>"'`\u00ab\u00bb\u200e\u200f\u201c\u201d\u202a-\u202e\u2066-\u2069\u3002\uff0c]+/gi;

/** The text in pieces; joined they are the text. */
export function parts(text: string): Part[] {
  const found: Part[] = [];
  let done = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const address = trimmed(match[0]);
    const href = target(address);
    if (!href) continue;
    if (match.index > done) found.push({ text: text.slice(done, match.index) });
    found.push({ text: address, href });
    done = match.index + address.length;
  }
  if (done < text.length) found.push({ text: text.slice(done) });
  return found;
}

/** Without the full stop that ends the sentence, or a bracket that was opened before the address. */
function trimmed(address: string): string {
  for (;;) {
    const last = address.at(-1)!;
    const unbalanced = last === ")" && address.split(")").length > address.split("(").length;
    if (!unbalanced && !/[.,:;!?\]}*_~]/.test(last)) return address;
    address = address.slice(0, -1);
  }
}

function target(address: string): string | null {
  try {
    const url = new URL(/^www\./i.test(address) ? `https://${address}` : address);
    // `https://bank.example@evil.example` shows one name and leads to another.
    const honest = /^https?:$/.test(url.protocol) && /\.|^localhost$/.test(url.hostname) && !url.username && !url.password;
    return honest ? url.href : null;
  } catch {
    return null;
  }
}
