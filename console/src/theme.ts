// Light, dark, or as the system has it.
import { createStore, readStored, writeStored } from './store.ts';

export const kThemes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof kThemes)[number];

const kKey = 'confab.theme';

export const theme = createStore<Theme>(readStored<Theme>(localStorage, kKey, 'system'));

export function applyTheme(): void {
  const { dataset } = document.documentElement;
  if (theme.get() === 'system') delete dataset['theme'];
  else dataset['theme'] = theme.get();
}

export function chooseTheme(next: Theme): void {
  theme.set(next);
  writeStored(localStorage, kKey, next);
  applyTheme();
}
