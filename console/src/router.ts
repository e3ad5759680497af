// The place in the address bar: "#/conversations/88888888/id1/with/id2" is a list of words. What
// follows a "?" is no part of it.
import { useEffect, useState } from 'preact/hooks';

export type Route = string[];

export function parseRoute(hash: string): Route {
  return hash
    .replace(/^#?\/?/, '')
    .replace(/\?.*$/, '')
    .split('/')
    .filter(Boolean)
    .map((word) => {
      try {
        return decodeURIComponent(word);
      } catch {
        return word;
      }
    });
}

export function hrefOf(...words: (string | number)[]): string {
  return `#/${words.map((word) => encodeURIComponent(word)).join('/')}`;
}

export function goTo(...words: (string | number)[]): void {
  location.hash = hrefOf(...words);
}

export function useRoute(): Route {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const update = () => setHash(location.hash);
    addEventListener('hashchange', update);
    return () => removeEventListener('hashchange', update);
  }, []);
  return parseRoute(hash);
}
