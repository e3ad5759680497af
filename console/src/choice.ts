// Which app, and as whom: chosen once for all pages, kept for this browser tab.
import { useEffect } from 'preact/hooks';
import { server } from './server.ts';
import { createStore, readStored, useStore, writeStored } from './store.ts';
import type { App } from './contract.ts';

const kKey = 'confab.app';

export const chosenApp = createStore<number>(readStored(sessionStorage, kKey, 0));

export function chooseApp(sdkappid: number): void {
  if (chosenApp.get() === sdkappid) return;
  writeStored(sessionStorage, kKey, sdkappid);
  chosenApp.set(sdkappid);
}

/** The chosen app, or the first one; undefined if the server has none. */
export function useApp(): App | undefined {
  const chosen = useStore(chosenApp);
  const apps = useStore(server)?.overview.apps ?? [];
  return apps.find((app) => app.sdkappid === chosen) ?? apps[0];
}

/** The app of a page whose address may name it, which chooses it; undefined if there is none. */
export function useNamedApp(word: string | undefined): App | undefined {
  const apps = useStore(server)?.overview.apps ?? [];
  const current = useApp();
  const named = word === undefined ? current : apps.find((app) => String(app.sdkappid) === word);
  useEffect(() => {
    if (named) chooseApp(named.sdkappid);
  }, [named?.sdkappid]);
  return named;
}

export function adminOf(app: App): string {
  return app.admins[0] ?? 'administrator';
}
