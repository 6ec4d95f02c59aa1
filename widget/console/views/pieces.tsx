// A text with its hits marked. It comes in pieces, so nothing in it can be markup.

import type { Piece } from "../../wire/console";

export const Pieces = ({ text }: { text: readonly Piece[] }) => (
  <>{text.map(([piece, hit], at) => (hit ? <mark key={at}>{piece}</mark> : piece))}</>
);
