// The choice between apps; a plain text if there is only one.
import { chooseApp, useApp } from '../choice.ts';
import { server } from '../server.ts';
import { useStore } from '../store.ts';

export function AppSelect({ id, onChoose }: { id: string; onChoose?: (sdkappid: number) => void }) {
  const apps = useStore(server)?.overview.apps ?? [];
  const app = useApp();
  return (
    <div class="labelled">
      <label for={id}>App</label>
      <select
        id={id}
        value={String(app?.sdkappid ?? '')}
        onChange={(event) => {
          const sdkappid = Number(event.currentTarget.value);
          chooseApp(sdkappid);
          onChoose?.(sdkappid);
        }}
      >
        {apps.map(({ sdkappid }) => (
          <option key={sdkappid} value={String(sdkappid)}>
            {sdkappid}
          </option>
        ))}
      </select>
    </div>
  );
}
