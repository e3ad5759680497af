// The frame of all pages: navigation, sign-in, and which page the address means.
import type { ComponentChild } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { forgetCalls } from './call_history.ts';
import { forgetDrafts } from './drafts.ts';
import { parseRoute, useRoute, type Route } from './router.ts';
import { loadServer, post, server, session, type Server } from './server.ts';
import { useStore } from './store.ts';
import { chooseTheme, kThemes, theme, type Theme } from './theme.ts';
import { Accounts } from './pages/accounts.tsx';
import { Apps } from './pages/apps.tsx';
import { Conversations } from './pages/conversations.tsx';
import { Explain } from './pages/explain.tsx';
import { Groups } from './pages/groups.tsx';
import { Live } from './pages/live.tsx';
import { SignIn } from './pages/sign_in.tsx';
import { Tester } from './pages/tester.tsx';
import { UserSig } from './pages/user_sig.tsx';
import { Empty, Failed, Loading } from './parts/states.tsx';

const kPages = [
  { word: 'v4', href: '#/', title: 'API tester' },
  { word: 'conversations', href: '#/conversations', title: 'Conversations' },
  { word: 'explain', href: '#/explain', title: 'Explain' },
  { word: 'accounts', href: '#/accounts', title: 'Accounts' },
  { word: 'groups', href: '#/groups', title: 'Groups' },
  { word: 'apps', href: '#/apps', title: 'Apps' },
  { word: 'usersig', href: '#/usersig', title: 'UserSig' },
  { word: 'live', href: '#/live', title: 'Live' },
];

export function App() {
  const route = useRoute();
  const state = useStore(session);
  const loaded = useStore(server);
  const [error, setError] = useState<Error>();
  const load = () => {
    setError(undefined);
    loadServer().catch((failure: Error) => setError(failure));
  };
  useEffect(load, []);
  useEffect(focusSearchOnSlash, []);
  const word = route[0] ?? 'v4';
  const title = kPages.find((page) => page.word === word)?.title ?? 'Not found';
  useEffect(() => {
    document.title = `${route.length > 1 ? route.at(-1) : title} · Confab`;
  }, [route.join('/')]);
  useFocusAfter(route.join('/'));
  const isSignedIn = loaded !== undefined && state === 'open';
  useEffect(() => {
    if (isSignedIn && word === 'sign-in') location.replace('#/');
  }, [isSignedIn, word]);
  if (state === 'closed') return <SignIn />;
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          document.getElementById('main')?.focus();
        }}
      >
        Skip to the page
      </a>
      <Header word={word} />
      <main id="main" tabIndex={-1}>
        {loaded ? pageOf(route, loaded) : error ? <Failed error={error} retry={load} /> : <Loading />}
      </main>
    </>
  );
}

function pageOf(route: Route, loaded: Server): ComponentChild {
  const [word = 'v4', ...words] = route;
  switch (word) {
    case 'v4':
      return <Tester server={loaded} name={words.length === 0 ? undefined : words.join('/')} />;
    case 'conversations':
      return <Conversations words={words} />;
    case 'explain':
      return <Explain words={words} />;
    case 'accounts':
      return <Accounts words={words} />;
    case 'groups':
      return <Groups words={words} />;
    case 'apps':
      return <Apps server={loaded} />;
    case 'usersig':
      return <UserSig server={loaded} words={words} />;
    case 'sign-in':
      return <Loading />; // on the way to the first page
    case 'live':
      return <Live server={loaded} />;
    default:
      return (
        <Empty title="There is no such page.">
          <p>
            The address names <code>{parseRoute(location.hash).join('/')}</code>.{' '}
            <a href="#/">Begin with the API tester</a>.
          </p>
        </Empty>
      );
  }
}

function Header({ word }: { word: string }) {
  const current = useStore(theme);
  const nav = useRef<HTMLElement>(null);
  // On a phone not all pages fit: the current one is moved into sight.
  useEffect(() => {
    const link = nav.current?.querySelector<HTMLElement>('[aria-current]');
    if (nav.current && link) nav.current.scrollLeft = link.offsetLeft - nav.current.offsetLeft - 16;
  }, [word]);
  const signOut = async () => {
    await post('sign_out', {}).catch(() => undefined);
    forgetCalls();
    forgetDrafts();
    server.set(undefined);
    session.set('closed');
  };
  return (
    <header class="top">
      <a class="brand" href="#/">
        Confab
      </a>
      <nav ref={nav} aria-label="Pages">
        {kPages.map((page) => (
          <a key={page.word} href={page.href} aria-current={page.word === word ? 'page' : undefined}>
            {page.title}
          </a>
        ))}
      </nav>
      <div class="top-tools">
        <label class="visually-hidden" for="theme">
          Colours
        </label>
        <select id="theme" value={current} onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}>
          {kThemes.map((each) => (
            <option key={each} value={each}>
              {each === 'system' ? 'as the system' : each}
            </option>
          ))}
        </select>
        <button type="button" class="quiet" onClick={() => void signOut()}>
          Sign out
        </button>
      </div>
    </header>
  );
}

/** What had the focus may have gone with the former page: then the new one gets it. */
function useFocusAfter(place: string): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place && document.activeElement === document.body) {
      document.getElementById('main')?.focus({ preventScroll: true });
    }
    before.current = place;
  }, [place]);
}

/** "/" moves to the page's search, unless a text is being typed. */
function focusSearchOnSlash(): () => void {
  const listen = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement;
    if (event.key !== '/' || event.ctrlKey || event.metaKey || target.matches('input, textarea, select')) return;
    const search = document.querySelector<HTMLInputElement>('[data-search]');
    if (!search) return;
    event.preventDefault();
    const folded = search.closest('details');
    if (folded) folded.open = true;
    search.focus();
    search.select();
  };
  addEventListener('keydown', listen);
  return () => removeEventListener('keydown', listen);
}
