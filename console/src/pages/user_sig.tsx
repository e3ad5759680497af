// UserSigs: making one, and explaining one.
import { useState } from 'preact/hooks';
import { meaningOf } from '../api_document.ts';
import { adminOf, useNamedApp } from '../choice.ts';
import type { App } from '../contract.ts';
import { duration } from '../format.ts';
import { AccountInput } from '../parts/account_input.tsx';
import { AppSelect } from '../parts/app_select.tsx';
import { CopyButton } from '../parts/copy.tsx';
import { Failed } from '../parts/states.tsx';
import { Time } from '../parts/time.tsx';
import { goTo, type Route } from '../router.ts';
import { post, type Server } from '../server.ts';
import { NoApps, NoSuchApp } from './no_apps.tsx';

const kDay = 86400;
const kValidities = [600, 3600, kDay, 7 * kDay, 180 * kDay];

export function UserSig({ server, words: [appWord, user] }: { server: Server; words: Route }) {
  const app = useNamedApp(appWord);
  if (!app) return appWord === undefined ? <NoApps /> : <NoSuchApp word={appWord} />;
  return (
    <>
      <h1>UserSig</h1>
      <p>A UserSig proves who somebody is: signed with the app's key, for one account, until an end.</p>
      <div class="columns">
        <Maker key={`${app.sdkappid} ${user}`} app={app} user={user ?? adminOf(app)} />
        <Explainer key={app.sdkappid} server={server} app={app} user={user ?? adminOf(app)} />
      </div>
    </>
  );
}

function Maker({ app, user }: { app: App; user: string }) {
  const [identifier, setIdentifier] = useState(user);
  const [validity, setValidity] = useState(3600);
  const [made, setMade] = useState<{ usersig: string; expires_at: number }>();
  const [error, setError] = useState<Error>();
  const make = async () => {
    setMade(undefined);
    setError(undefined);
    try {
      setMade(await post('user_sig', { sdkappid: app.sdkappid, identifier, seconds: validity }));
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <section class="card" aria-labelledby="maker-title">
      <h2 id="maker-title">Make one</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <AppSelect id="maker-app" onChoose={(next) => goTo('usersig', next)} />
        <AccountInput
          id="maker-identifier"
          label="For the account"
          sdkappid={app.sdkappid}
          value={identifier}
          onInput={setIdentifier}
          isSearch
        />
        <div class="labelled">
          <label for="maker-validity">Good for</label>
          <select
            id="maker-validity"
            value={String(validity)}
            onChange={(event) => setValidity(Number(event.currentTarget.value))}
          >
            {kValidities.map((seconds) => (
              <option key={seconds} value={String(seconds)}>
                {duration(seconds)}
              </option>
            ))}
          </select>
        </div>
        <p class="buttons">
          <button type="submit" class="main-action" disabled={identifier === ''}>
            Make a UserSig
          </button>
        </p>
      </form>
      {error && <Failed error={error} />}
      {made && (
        <div role="status">
          <p>
            Good until <Time at={made.expires_at} />. Treat it like a password. <CopyButton text={made.usersig} />
          </p>
          <pre class="json wrapped" tabIndex={0} aria-label="UserSig">
            {made.usersig}
          </pre>
        </div>
      )}
    </section>
  );
}

interface Verdict {
  valid: boolean;
  code: number;
  text: string;
}

function Explainer({ server, app, user }: { server: Server; app: App; user: string }) {
  const [identifier, setIdentifier] = useState(user);
  const [usersig, setUserSig] = useState('');
  const [verdict, setVerdict] = useState<Verdict>();
  const [error, setError] = useState<Error>();
  const explain = async () => {
    setVerdict(undefined);
    setError(undefined);
    try {
      setVerdict(await post('explain_user_sig', { sdkappid: app.sdkappid, identifier, usersig: usersig.trim() }));
    } catch (failure) {
      setError(failure as Error);
    }
  };
  return (
    <section class="card" aria-labelledby="explainer-title">
      <h2 id="explainer-title">Explain one</h2>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void explain();
        }}
      >
        <AccountInput
          id="explainer-identifier"
          label="Sent with the identifier"
          sdkappid={app.sdkappid}
          value={identifier}
          onInput={setIdentifier}
        />
        <div class="labelled">
          <label for="explainer-usersig">UserSig</label>
          <textarea
            id="explainer-usersig"
            class="json"
            rows={4}
            spellcheck={false}
            autocomplete="off"
            value={usersig}
            onInput={(event) => setUserSig(event.currentTarget.value)}
          />
        </div>
        <p class="hint">It goes to your server only, to be checked against the keys of app {app.sdkappid}.</p>
        <p class="buttons">
          <button type="submit">Explain it</button>
        </p>
      </form>
      {error && <Failed error={error} />}
      {verdict && <VerdictNotice verdict={verdict} server={server} />}
    </section>
  );
}

function VerdictNotice({ verdict, server: { api } }: { verdict: Verdict; server: Server }) {
  const meaning = verdict.valid ? undefined : meaningOf(api, undefined, verdict.code);
  return (
    <div class={verdict.valid ? 'notice notice-good' : 'notice notice-bad'} role="status">
      <p>
        <strong>{verdict.valid ? 'Valid:' : `Refused with ${verdict.code}:`}</strong> {verdict.text}
      </p>
      {meaning?.fix && <p>What to do: {meaning.fix}</p>}
    </div>
  );
}
