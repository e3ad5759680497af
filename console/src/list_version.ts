// Counts changes that this page made, so that what shows conversations reads them again.
import { createStore, useStore } from './store.ts';

const version = createStore(0);

export function conversationsChanged(): void {
  version.set(version.get() + 1);
}

export function useListVersion(): number {
  return useStore(version);
}
