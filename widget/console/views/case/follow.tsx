// Follows a conversation of the same case and hands its messages on; it draws nothing itself.

import { useEffect } from "preact/hooks";
import type { ConversationRow, Message } from "../../../wire/console";
import { useConversation } from "../../state/history";

export interface Followed {
  readonly row: ConversationRow;
  readonly messages: readonly Message[];
  readonly newest: number;
  readonly more: boolean;
  readonly loadOlder: () => void;
}

export function Follow({ id, tell }: { id: string; tell: (id: string, followed: Followed | null) => void }) {
  const talk = useConversation(id);
  const { head, messages, newest, more, loadOlder } = talk;
  useEffect(() => tell(id, head ? { row: head, messages, newest, more, loadOlder } : null), [id, head, messages, newest, more]);
  useEffect(() => () => tell(id, null), [id]);
  return null;
}
