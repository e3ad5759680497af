// The answer to a call: what it says, what its code means, and what to do about it.
import { meaningOf, type Api, type Command } from '../api_document.ts';
import type { CallAnswer } from '../contract.ts';
import { textParts } from '../format.ts';
import { prettyText } from '../json.ts';
import { seconds } from '../format.ts';
import { CopyButton } from './copy.tsx';

interface Envelope {
  ActionStatus?: string;
  ErrorCode?: number;
  ErrorInfo?: string;
}

export function envelopeOf(body: string): Envelope {
  try {
    return JSON.parse(body) as Envelope;
  } catch {
    return {};
  }
}

export function Answer({ api, command, answer }: { api: Api; command: Command; answer: CallAnswer }) {
  const { ActionStatus = 'no status', ErrorCode = -1, ErrorInfo = '' } = envelopeOf(answer.body);
  const isOk = ErrorCode === 0;
  const text = prettyText(answer.body);
  return (
    <section class="answer" aria-label="Answer" aria-live="polite">
      <div class="answer-head">
        <span class={isOk ? 'status status-good' : 'status status-bad'}>
          {ActionStatus}
          {isOk ? '' : ` ${ErrorCode}`}
        </span>
        <span>{seconds(answer.microseconds / 1e6)}</span>
        <span class="hint">
          request <code>{answer.request_id}</code>
        </span>
        <CopyButton text={text} label="Copy the answer" />
      </div>
      {!isOk && <Meaning api={api} command={command} code={ErrorCode} info={ErrorInfo} />}
      <pre class="json wrapped" tabIndex={0} aria-label="Answer as JSON">
        {textParts(text)
          .map(({ text: part }) => part)
          .join('')}
      </pre>
    </section>
  );
}

function Meaning({ api, command, code, info }: { api: Api; command: Command; code: number; info: string }) {
  const meaning = meaningOf(api, command, code);
  return (
    <div class="notice notice-bad">
      <p>
        <strong>
          {code}: {meaning?.text ?? 'This code is in no list of the server.'}
        </strong>
      </p>
      {info && <p>The server says: {info}</p>}
      {meaning?.fix && <p>What to do: {meaning.fix}</p>}
    </div>
  );
}
