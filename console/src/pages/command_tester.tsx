// One command: the body as form and as JSON, sending it, and the answer.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Command } from '../api_document.ts';
import { rememberCall, type PastCall } from '../call_history.ts';
import { adminOf, chooseApp } from '../choice.ts';
import type { App, CallAnswer } from '../contract.ts';
import { draftOf, keepDraft } from '../drafts.ts';
import { parseBody, pretty, type JsonObject } from '../json.ts';
import { Answer, envelopeOf } from '../parts/answer.tsx';
import { AppSelect } from '../parts/app_select.tsx';
import { MemberFields } from '../parts/nested_fields.tsx';
import { PastCalls } from '../parts/past_calls.tsx';
import { SnippetsPanel } from '../parts/snippets_panel.tsx';
import { Failed } from '../parts/states.tsx';
import { goTo } from '../router.ts';
import { check, type Problem } from '../schema.ts';
import { post, type Server } from '../server.ts';

interface Props {
  server: Server;
  app: App;
  command: Command;
}

/** A call to be sent as soon as the tester of its command is there. */
let replay: PastCall | undefined;

type Outcome = { answer: CallAnswer } | { error: Error } | undefined;

export function CommandTester({ server, app, command }: Props) {
  const [named, setIdentifier] = useState<string>();
  const identifier = named ?? adminOf(app);
  const [text, showText] = useState(() => draftOf(command.name) ?? pretty(command.example));
  const setText = (next: string) => {
    showText(next);
    keepDraft(command.name, next);
  };
  const [isSending, setSending] = useState(false);
  const [outcome, setOutcome] = useState<Outcome>();
  const answerPlace = useRef<HTMLDivElement>(null);
  const lastGood = useRef<JsonObject>(command.example);
  const parsed = parseBody(text);
  if (parsed.value) lastGood.current = parsed.value;
  const problems = parsed.value ? check(command.schema, parsed.value) : [];

  const send = async (call: { sdkappid: number; identifier: string; body: string }) => {
    setSending(true);
    const time = Math.floor(Date.now() / 1000);
    const remember = (code: number, microseconds: number) =>
      rememberCall({ time, command: command.name, ...call, code, microseconds });
    try {
      const answer = await post('call', { ...call, command: command.name });
      remember(envelopeOf(answer.body).ErrorCode ?? -1, answer.microseconds);
      setOutcome({ answer });
    } catch (error) {
      remember(-1, 0);
      setOutcome({ error: error as Error });
    }
    setSending(false);
    answerPlace.current?.scrollIntoView({ block: 'nearest' });
  };

  const sendAgain = (call: PastCall) => {
    setText(call.body);
    chooseApp(call.sdkappid);
    setIdentifier(call.identifier);
    void send({ sdkappid: call.sdkappid, identifier: call.identifier, body: call.body });
  };

  useEffect(() => {
    const waiting = replay;
    replay = undefined;
    if (waiting) sendAgain(waiting);
  }, []);

  const sendNow = () => void send({ sdkappid: app.sdkappid, identifier, body: text });

  // Enter alone sends nothing: a deletion should not happen by a slip.
  useLayoutEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      if (!isSending) sendNow();
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  });

  return (
    <div class="tester">
      <CommandHead command={command} />
      <div class="caller">
        <AppSelect id="tester-app" />
        <div class="labelled">
          <label for="tester-identifier">Identifier</label>
          <input
            id="tester-identifier"
            list="tester-identifiers"
            value={identifier}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setIdentifier(event.currentTarget.value)}
          />
          <datalist id="tester-identifiers">
            {app.admins.map((admin) => (
              <option key={admin} value={admin} />
            ))}
          </datalist>
        </div>
        <p class="hint">
          The server signs as this account. REST commands want an admin of the app; another name shows what the others
          get.
        </p>
      </div>
      <div class="two-views">
        <fieldset class="view" disabled={!parsed.value}>
          <legend>Form</legend>
          {Object.keys(command.schema.properties ?? {}).length === 0 && <p class="hint">This command has no fields.</p>}
          <MemberFields
            schema={command.schema}
            properties={command.schema.properties ?? {}}
            value={lastGood.current}
            path=""
            problems={problems}
            onChange={(value) => setText(pretty(value))}
          />
        </fieldset>
        <div class="view view-json">
          <label for="tester-json" class="view-title">
            JSON
          </label>
          <textarea
            id="tester-json"
            class="json"
            spellcheck={false}
            value={text}
            rows={Math.min(32, Math.max(8, text.split('\n').length + 1))}
            aria-describedby="tester-problems"
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <p class="buttons">
            <button type="button" class="quiet" onClick={() => setText(pretty(command.example))}>
              Back to the sample
            </button>
            <button
              type="button"
              class="quiet"
              disabled={!parsed.value}
              onClick={() => parsed.value && setText(pretty(parsed.value))}
            >
              Tidy up
            </button>
          </p>
          <Problems error={parsed.error} problems={problems} />
          <div class="send-bar">
            <button type="button" class="main-action" disabled={isSending} onClick={sendNow}>
              {isSending ? 'Sending…' : 'Send'}
            </button>
            <span class="hint">
              <kbd>Ctrl</kbd>+<kbd>Enter</kbd> sends from anywhere on this page
            </span>
          </div>
          <div ref={answerPlace}>
            {outcome && 'answer' in outcome && <Answer api={server.api} command={command} answer={outcome.answer} />}
            {outcome && 'error' in outcome && <Failed error={outcome.error} />}
          </div>
        </div>
      </div>
      <SnippetsPanel
        restUrl={server.overview.rest_url}
        certificate={server.overview.certificate}
        command={command.name}
        sdkappid={app.sdkappid}
        identifier={identifier}
        body={text}
      />
      <PastCalls
        onReplay={(call) => {
          if (call.command === command.name) return sendAgain(call);
          replay = call;
          goTo('v4', ...call.command.split('/'));
        }}
      />
    </div>
  );
}

function CommandHead({ command }: { command: Command }) {
  const facts = [
    command.callsPerSecond === undefined ? '' : `${command.callsPerSecond} calls a second`,
    command.since === undefined ? '' : `since ${command.since}`,
    command.groupKinds.length === 0 ? '' : `for groups of the kinds ${command.groupKinds.join(', ')}`,
  ].filter(Boolean);
  return (
    <header>
      <h1 class="command-name">{command.name}</h1>
      <p>{command.summary}.</p>
      <p class="hint">
        <code>POST /v4/{command.name}</code> · {facts.join(' · ')}
      </p>
      <details>
        <summary>{command.errors.length} error codes of its own</summary>
        <dl class="codes">
          {command.errors.map((error) => (
            <div key={error.code}>
              <dt>{error.code}</dt>
              <dd>
                {error.text}
                {error.fix && <span class="hint"> {error.fix}</span>}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </header>
  );
}

function Problems({ error, problems }: { error: string | undefined; problems: Problem[] }) {
  return (
    <div id="tester-problems" aria-live="polite">
      {error && <p class="field-problem">{error} The form waits until it is; sending works all the same.</p>}
      {problems.length > 0 && (
        <ul class="problems">
          {problems.map((problem) => (
            <li key={`${problem.path} ${problem.text}`} class={problem.isNote ? 'field-note' : 'field-problem'}>
              <code>{problem.path || 'body'}</code>: {problem.text}
            </li>
          ))}
        </ul>
      )}
      {!error && problems.length === 0 && <p class="hint">The body keeps to all limits of the command.</p>}
    </div>
  );
}
