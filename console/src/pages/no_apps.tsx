import { Empty } from '../parts/states.tsx';

export function NoApps() {
  return (
    <Empty title="This server has no apps yet.">
      <p>
        An app is what a back end signs in to. Make one with <code>confab app create --id 1400000001</code>, then start the server again and reload
        this page.
      </p>
    </Empty>
  );
}
