// Bodies that were edited and not sent yet, by command, for as long as the page is open: looking at
// another page, or signing in again, should not lose them.

const drafts = new Map<string, string>();

export function draftOf(command: string): string | undefined {
  return drafts.get(command);
}

export function keepDraft(command: string, body: string): void {
  drafts.set(command, body);
}

export function forgetDrafts(): void {
  drafts.clear();
}
