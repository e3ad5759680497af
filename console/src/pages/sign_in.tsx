// Signing in. The page that was asked for comes back afterwards, because the address stays.
import { useState } from 'preact/hooks';
import { Failed } from '../parts/states.tsx';
import { loadServer, post } from '../server.ts';

export function SignIn() {
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
  // Where the server leads whoever opens a used link.
  const isLinkVoid = location.hash === '#/sign-in?link=void';
  const signIn = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await post('sign_in', { token: token.trim() });
      await loadServer();
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };
  return (
    <main id="main" class="sign-in">
      <h1>Confab</h1>
      <p>This is the console of a chat server. Sign in as its operator.</p>
      {isLinkVoid && (
        <p class="notice notice-bad" role="alert">
          That link signs in no more: it was used already, or the server was started again since. Start the demo again
          for a new one, or use the token.
        </p>
      )}
      <form
        class="card stack"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <div class="labelled">
          <label for="token">The operator's token</label>
          <input
            id="token"
            type="password"
            autocomplete="current-password"
            spellcheck={false}
            autofocus
            value={token}
            onInput={(event) => setToken(event.currentTarget.value)}
          />
        </div>
        {error && <Failed error={error} />}
        <p class="buttons">
          <button type="submit" class="main-action" disabled={isBusy || token.trim() === ''}>
            {isBusy ? 'Signing in…' : 'Sign in'}
          </button>
        </p>
      </form>
      <h2>Where the token is</h2>
      <p>
        Whoever runs the server chose it: the setting <code>console.token</code>, or <code>CONFAB_CONSOLE_TOKEN</code>{' '}
        in its environment. If neither is set, set one of at least 20 random bytes and start the server again.
      </p>
      <h2>In a demo</h2>
      <p>
        <code>make run</code> prints a line <code>console: http://…</code>. That link signs in once; open it in this
        browser.
      </p>
    </main>
  );
}
