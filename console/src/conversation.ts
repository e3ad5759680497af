// Names of conversations, and their places in the address bar.
import type { ConversationName } from './contract.ts';
import { hrefOf, type Route } from './router.ts';

export type ConversationPage = 'conversations' | 'explain';

export function hrefOfConversation(page: ConversationPage, { sdkappid, user, peer, group }: ConversationName): string {
  return group === '' ? hrefOf(page, sdkappid, user, 'with', peer) : hrefOf(page, sdkappid, user, 'group', group);
}

/** From "id1/with/id2" or "id1/group/team"; undefined if the words name no conversation. */
export function conversationOf(sdkappid: number, [user, kind, other]: Route): ConversationName | undefined {
  if (user === undefined || other === undefined) return undefined;
  if (kind === 'with') return { sdkappid, user, peer: other, group: '' };
  if (kind === 'group') return { sdkappid, user, peer: '', group: other };
  return undefined;
}

export function otherSide({ sdkappid, user, peer }: ConversationName): ConversationName {
  return { sdkappid, user: peer, peer: user, group: '' };
}
