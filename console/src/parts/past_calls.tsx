// What was sent from this browser tab, to look at and to send again.
import { forgetCalls, pastCalls, type PastCall } from '../call_history.ts';
import { seconds } from '../format.ts';
import { useStore } from '../store.ts';
import { Time } from './time.tsx';

export function PastCalls({ onReplay }: { onReplay: (call: PastCall) => void }) {
  const calls = useStore(pastCalls);
  if (calls.length === 0) return null;
  return (
    <section class="past-calls" aria-label="Sent from this tab">
      <h2>Sent from this tab</h2>
      <ul class="rows">
        {calls.map((call) => (
          <li key={call.id}>
            <span class={call.code === 0 ? 'status status-good' : 'status status-bad'}>{codeText(call.code)}</span>
            <span class="grow">
              <strong>{call.command}</strong> <span class="hint">as {call.identifier}</span>
              <code class="one-line">{call.body.replace(/\s+/g, ' ')}</code>
            </span>
            <span class="hint">
              <Time at={call.time} /> · {seconds(call.microseconds / 1e6)}
            </span>
            <button type="button" onClick={() => onReplay(call)} title="Send the same body again">
              Replay
            </button>
          </li>
        ))}
      </ul>
      <p class="hint">
        Kept until this tab is closed, without UserSigs.{' '}
        <button type="button" class="quiet" onClick={forgetCalls}>
          Forget them now
        </button>
      </p>
    </section>
  );
}

function codeText(code: number): string {
  if (code === 0) return 'OK';
  return code < 0 ? 'no answer' : String(code);
}
