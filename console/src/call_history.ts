// What the tester sent, kept for this browser tab. UserSigs are never part of it.
import { createStore, readStored, writeStored } from './store.ts';

export interface PastCall {
  id: number;
  time: number; // seconds
  command: string;
  sdkappid: number;
  identifier: string;
  body: string;
  code: number; // -1: no answer
  microseconds: number;
}

const kKey = 'confab.calls';
const kKept = 50;
const kMaxBody = 64 * 1024;

export const pastCalls = createStore<PastCall[]>(readStored(sessionStorage, kKey, []));

export function rememberCall(call: Omit<PastCall, 'id'>): void {
  if (call.body.length > kMaxBody) return;
  const before = pastCalls.get();
  const id = (before[0]?.id ?? 0) + 1;
  keep([{ ...call, id }, ...before].slice(0, kKept));
}

export function forgetCalls(): void {
  keep([]);
}

function keep(calls: PastCall[]): void {
  writeStored(sessionStorage, kKey, calls);
  pastCalls.set(calls);
}
