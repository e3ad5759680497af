// The apps of this server and their keys.
import { useState } from 'preact/hooks';
import type { App } from '../contract.ts';
import { CopyButton } from '../parts/copy.tsx';
import { RotateDialog } from '../parts/rotate_dialog.tsx';
import { Time } from '../parts/time.tsx';
import { hrefOf } from '../router.ts';
import type { Server } from '../server.ts';
import { NoApps } from './no_apps.tsx';

export function Apps({ server: { overview } }: { server: Server }) {
  if (overview.apps.length === 0) return <NoApps />;
  return (
    <>
      <h1>Apps</h1>
      <dl class="facts">
        <dt>REST address</dt>
        <dd>
          <code>{overview.rest_url}</code> <CopyButton text={overview.rest_url} />
        </dd>
        <dt>Its certificate</dt>
        <dd>{overview.certificate === '' ? 'from the settings' : <code>{overview.certificate}</code>}</dd>
        <dt>Store</dt>
        <dd>{overview.store === 'rocks' ? 'on disk (RocksDB)' : 'in memory: it is gone when the server stops'}</dd>
        <dt>Running since</dt>
        <dd>
          <Time at={overview.started_at} />
        </dd>
        <dt>Version</dt>
        <dd>{overview.version}</dd>
      </dl>
      {overview.apps.map((app) => (
        <AppCard key={app.sdkappid} app={app} />
      ))}
    </>
  );
}

function AppCard({ app }: { app: App }) {
  const [isRotating, setRotating] = useState(false);
  return (
    <section class="card" aria-labelledby={`app-${app.sdkappid}`}>
      <div class="toolbar">
        <h2 id={`app-${app.sdkappid}`} class="grow">
          {app.sdkappid}
        </h2>
        <a class="button" href={hrefOf('accounts', app.sdkappid)}>
          Accounts
        </a>
        <a class="button" href={hrefOf('groups', app.sdkappid)}>
          Groups
        </a>
        <a class="button" href={hrefOf('usersig', app.sdkappid)}>
          UserSig
        </a>
        <button type="button" onClick={() => setRotating(true)}>
          Replace the key…
        </button>
      </div>
      <dl class="facts">
        <dt>Admins</dt>
        <dd>{app.admins.join(', ')}</dd>
        {app.keys.map((key, index) => (
          <KeyFact
            key={key.fingerprint}
            fingerprint={key.fingerprint}
            goodUntil={key.good_until}
            isFirst={index === 0}
          />
        ))}
      </dl>
      {isRotating && <RotateDialog app={app} onClose={() => setRotating(false)} />}
    </section>
  );
}

function KeyFact({ fingerprint, goodUntil, isFirst }: { fingerprint: string; goodUntil: number; isFirst: boolean }) {
  return (
    <>
      <dt>{isFirst ? 'Key' : 'Former key'}</dt>
      <dd>
        <code>{fingerprint}</code>
        {isFirst ? ' signs; ' : ' '}
        {goodUntil === 0 ? (
          'good without an end'
        ) : (
          <>
            good until <Time at={goodUntil} />
          </>
        )}
      </dd>
    </>
  );
}
