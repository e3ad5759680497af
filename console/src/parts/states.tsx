// What a page shows while it has nothing: it is loading, something failed, or there is nothing.
import type { ComponentChildren } from 'preact';
import { meaningOf } from '../api_document.ts';
import { CommandFailed, Refused, server, Unreachable } from '../server.ts';
import { useStore } from '../store.ts';
import type { Load } from '../use_load.ts';

export function Loading() {
  return (
    <p class="loading" role="status">
      Loading…
    </p>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children}
    </div>
  );
}

export function Failed({ error, retry }: { error: Error; retry?: () => void }) {
  return (
    <div class="notice notice-bad" role="alert">
      <p>
        <strong>{error.message}</strong>
      </p>
      <NextStep error={error} />
      {retry && (
        <p>
          <button type="button" onClick={retry}>
            Try again
          </button>
        </p>
      )}
    </div>
  );
}

function NextStep({ error }: { error: Error }) {
  const loaded = useStore(server);
  if (error instanceof CommandFailed && loaded) {
    const command = loaded.api.commands.find((each) => each.name === error.command);
    const meaning = meaningOf(loaded.api, command, error.code);
    return (
      <p>
        Code {error.code} of <code>{error.command}</code>
        {meaning ? `: ${meaning.text}. ${meaning.fix ?? ''}` : '.'}
      </p>
    );
  }
  if (error instanceof Unreachable) {
    return <p>See whether it is still running, and read the last lines of its log. This page goes on where it was.</p>;
  }
  if (error instanceof Refused && error.status >= 500) {
    return <p>The server's log says why; its line has the time of this moment.</p>;
  }
  return null;
}

/** The value once it is there; before that, what stands in for it. */
export function Loaded<T>({ load, children }: { load: Load<T>; children: (value: T) => ComponentChildren }) {
  if (load.error) return <Failed error={load.error} retry={load.reload} />;
  if (load.value === undefined) return <Loading />;
  return <>{children(load.value)}</>;
}
