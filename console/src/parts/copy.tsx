// Copying to the clipboard, which browsers allow only on secure pages.
import { useState } from 'preact/hooks';

export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [outcome, setOutcome] = useState('');
  const copy = async () => {
    setOutcome((await copyText(text)) ? 'Copied' : 'Select it and press Ctrl+C');
    setTimeout(() => setOutcome(''), 3000);
  };
  return (
    <button type="button" class="quiet" onClick={() => void copy()}>
      <span aria-live="polite">{outcome || label}</span>
    </button>
  );
}
