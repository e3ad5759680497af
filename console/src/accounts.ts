// Finding accounts by the beginning of their names.
import type { Account } from './contract.ts';
import { post } from './server.ts';

const kMaxNameBytes = 32;

/** A text that stands before `name`, with no account's name in between. */
export function nameBefore(name: string): string {
  if (name === '') return '';
  const last = name.charCodeAt(name.length - 1);
  const head = name.slice(0, -1) + (last > 0 ? String.fromCharCode(last - 1) : '');
  return head.padEnd(kMaxNameBytes, '~');
}

export async function accountsFrom(
  sdkappid: number,
  prefix: string,
  limit: number,
): Promise<{ accounts: Account[]; complete: boolean }> {
  const { accounts, complete } = await post('accounts', { sdkappid, after: nameBefore(prefix), limit });
  const found = accounts.filter((account) => account.user_id.startsWith(prefix));
  return { accounts: found, complete: complete || found.length < accounts.length };
}

export async function findAccount(sdkappid: number, name: string): Promise<Account | undefined> {
  const { accounts } = await accountsFrom(sdkappid, name, 1);
  return accounts.find((account) => account.user_id === name);
}
