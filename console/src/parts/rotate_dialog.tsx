// Replacing an app's key. The new key is shown once, and only until this dialog is closed.
import { useState } from 'preact/hooks';
import type { App } from '../contract.ts';
import { duration } from '../format.ts';
import { post, reloadOverview } from '../server.ts';
import { CopyButton } from './copy.tsx';
import { Dialog } from './dialog.tsx';
import { Failed } from './states.tsx';

const kDay = 86400;
const kOverlaps = [0, 3600, kDay, 7 * kDay, 30 * kDay];

export function RotateDialog({ app, onClose }: { app: App; onClose: () => void }) {
  const [overlap, setOverlap] = useState(7 * kDay);
  const [isBusy, setBusy] = useState(false);
  const [key, setKey] = useState('');
  const [error, setError] = useState<Error>();
  const rotate = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setKey((await post('rotate_key', { sdkappid: app.sdkappid, overlap })).key);
    } catch (failure) {
      setError(failure as Error);
    }
    setBusy(false);
  };
  if (key !== '') {
    const finish = () => {
      onClose();
      void reloadOverview();
    };
    return (
      // Escape would lose the key, so only the button closes it.
      <Dialog title={`The new key of app ${app.sdkappid}`} onClose={() => undefined}>
        <p>
          <strong>This is the only time it is shown.</strong> Put it where your back end reads its key
          {overlap === 0
            ? '; the former key has stopped already.'
            : `; the former key stays good for ${duration(overlap)}.`}
        </p>
        <p class="secret">
          <code>{key}</code> <CopyButton text={key} label="Copy the key" />
        </p>
        <p class="buttons">
          <button type="button" class="main-action" onClick={finish}>
            I have stored it
          </button>
        </p>
      </Dialog>
    );
  }
  return (
    <Dialog title={`Replace the key of app ${app.sdkappid}?`} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void rotate();
        }}
      >
        <div class="labelled">
          <label for="overlap">The former key stays good for</label>
          <select
            id="overlap"
            value={String(overlap)}
            onChange={(event) => setOverlap(Number(event.currentTarget.value))}
          >
            {kOverlaps.map((seconds) => (
              <option key={seconds} value={String(seconds)}>
                {seconds === 0 ? 'no time: it has leaked' : duration(seconds)}
              </option>
            ))}
          </select>
        </div>
        <dl class="consequences">
          <dt>The new key</dt>
          <dd>is made by the server, signs from now on, and is shown once, after this step.</dd>
          <dt>UserSigs made with the former key</dt>
          <dd>
            {overlap === 0
              ? 'stop working at once (70009), also those of people who are signed in. Your back end is refused until it has the new key.'
              : `work for ${duration(overlap)} more, then no longer (70009). Move your back end to the new key before that.`}
          </dd>
          <dt>Accounts and messages</dt>
          <dd>are not touched.</dd>
        </dl>
        {error && <Failed error={error} />}
        <p class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={isBusy}>
            Replace the key
          </button>
        </p>
      </form>
    </Dialog>
  );
}
