// Signing in. The page that was asked for comes back afterwards, because the address stays.
import { useState } from 'preact/hooks';
import { Failed } from '../parts/states.tsx';
import { loadServer, post } from '../server.ts';

export function SignIn() {
  const [token, setToken] = useState('');
  const [error, setError] = useState<Error>();
  const [isBusy, setBusy] = useState(false);
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
      <h2>Without a token</h2>
      <p>
        When it starts, the server prints a line <code>console: http://…</code>. That link signs you in once; open it in this browser.{' '}
        <code>make run</code> prints it, too. A link that was used does nothing more: start the server again for another one.
      </p>
    </main>
  );
}
