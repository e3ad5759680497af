// What stands in for a page that needs an app which is not there.
import { Empty } from '../parts/states.tsx';
import { hrefOf, useRoute } from '../router.ts';
import { server } from '../server.ts';
import { useStore } from '../store.ts';

export function NoApps() {
  return (
    <>
      <h1>No apps</h1>
      <Empty title="This server has no apps yet.">
        <p>
          An app is what a back end signs in to. Make one with <code>confab app create --id 1400000001</code>, then
          start the server again and reload this page.
        </p>
      </Empty>
    </>
  );
}

export function NoSuchApp({ word }: { word: string }) {
  const [page = 'accounts'] = useRoute();
  const apps = useStore(server)?.overview.apps ?? [];
  return (
    <>
      <h1>App {word}</h1>
      <Empty title={`This server has no app ${word}, which the address names.`}>
        <p>It has these:</p>
        <ul>
          {apps.map(({ sdkappid }) => (
            <li key={sdkappid}>
              <a href={hrefOf(page, sdkappid)}>{sdkappid}</a>
            </li>
          ))}
        </ul>
      </Empty>
    </>
  );
}
