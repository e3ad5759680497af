// The accounts of an app, and one of them.
import { useState } from 'preact/hooks';
import { accountsFrom, findAccount } from '../accounts.ts';
import { adminOf, useNamedApp } from '../choice.ts';
import type { Account, App } from '../contract.ts';
import { plural } from '../format.ts';
import { AppSelect } from '../parts/app_select.tsx';
import { ConversationList } from '../parts/conversation_list.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { ForeignText } from '../parts/text.tsx';
import { Time } from '../parts/time.tsx';
import type { JoinedGroup } from '../rest_answers.ts';
import { goTo, hrefOf, type Route } from '../router.ts';
import { command, post } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { NoApps, NoSuchApp } from './no_apps.tsx';

const kPage = 50;

export function Accounts({ words: [appWord, user] }: { words: Route }) {
  const app = useNamedApp(appWord);
  if (!app) return appWord === undefined ? <NoApps /> : <NoSuchApp word={appWord} />;
  if (user !== undefined) return <OneAccount key={user} app={app} user={user} />;
  return <AccountTable key={app.sdkappid} app={app} />;
}

function AccountTable({ app }: { app: App }) {
  const [prefix, setPrefix] = useState('');
  // The last names of the pages before this one.
  const [pages, setPages] = useState<string[]>([]);
  const after = pages.at(-1);
  const load = useLoad(
    async () => {
      if (after === undefined) return accountsFrom(app.sdkappid, prefix, kPage);
      const page = await post('accounts', { sdkappid: app.sdkappid, after, limit: kPage });
      const accounts = page.accounts.filter((account) => account.user_id.startsWith(prefix));
      return { accounts, complete: page.complete || accounts.length < page.accounts.length };
    },
    [prefix, after],
    'keep',
  );
  return (
    <>
      <h1>Accounts</h1>
      <div class="toolbar">
        <AppSelect id="accounts-app" onChoose={(next) => goTo('accounts', next)} />
        <div class="labelled">
          <label for="accounts-prefix">Names that begin with</label>
          <input
            id="accounts-prefix"
            type="search"
            data-search
            value={prefix}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => {
              setPrefix(event.currentTarget.value);
              setPages([]);
            }}
          />
        </div>
      </div>
      <Loaded load={load}>
        {({ accounts, complete }) =>
          accounts.length === 0 ? (
            <Empty
              title={prefix === '' ? 'This app has no accounts yet.' : `No account's name begins with “${prefix}”.`}
            >
              <p>
                <a href="#/v4/im_open_login_svc/account_import">Import one with the API tester</a>
              </p>
            </Empty>
          ) : (
            <>
              <TableOfAccounts app={app} accounts={accounts} />
              <p class="buttons">
                <button type="button" disabled={pages.length === 0} onClick={() => setPages(pages.slice(0, -1))}>
                  Back
                </button>
                <button
                  type="button"
                  disabled={complete}
                  onClick={() => setPages([...pages, accounts.at(-1)?.user_id ?? ''])}
                >
                  Next page
                </button>
              </p>
            </>
          )
        }
      </Loaded>
    </>
  );
}

const kColumns = [{ title: 'Name' }, { title: 'Nickname' }, { title: 'Imported' }, { title: 'Look at' }];

function TableOfAccounts({ app, accounts }: { app: App; accounts: Account[] }) {
  const rows = accounts.map(({ user_id, nick, imported_at }) => ({
    key: user_id,
    cells: [
      <a href={hrefOf('accounts', app.sdkappid, user_id)}>{user_id}</a>,
      <ForeignText text={nick} />,
      <Time at={imported_at} />,
      <a href={hrefOf('conversations', app.sdkappid, user_id)}>conversations</a>,
    ],
  }));
  return <Table label="Accounts" columns={kColumns} rows={rows} />;
}

function OneAccount({ app, user }: { app: App; user: string }) {
  const profile = useLoad(() => findAccount(app.sdkappid, user), []);
  return (
    <>
      <p class="back">
        <a href={hrefOf('accounts', app.sdkappid)}>← All accounts</a>
      </p>
      <h1>{user}</h1>
      <Loaded load={{ ...profile, value: profile.isLoading ? undefined : (profile.value ?? null) }}>
        {(account) =>
          account === null ? (
            <Empty title={`${user} is not imported in app ${app.sdkappid}.`}>
              <p>
                <a href="#/v4/im_open_login_svc/account_import">Import it with the API tester</a>, or{' '}
                <a href={hrefOf('accounts', app.sdkappid)}>look through all accounts</a>.
              </p>
            </Empty>
          ) : (
            <>
              <dl class="facts">
                <dt>Nickname</dt>
                <dd>{account.nick === '' ? '—' : <ForeignText text={account.nick} />}</dd>
                <dt>Imported</dt>
                <dd>
                  <Time at={account.imported_at} none="an admin of the app, there from the start" />
                </dd>
                <dt>App</dt>
                <dd>{app.sdkappid}</dd>
              </dl>
              <p class="buttons">
                <a class="button" href={hrefOf('usersig', app.sdkappid, user)}>
                  Make a UserSig
                </a>
              </p>
              <div class="columns">
                <ConversationList app={app} user={user} />
                <JoinedGroups app={app} user={user} />
              </div>
            </>
          )
        }
      </Loaded>
    </>
  );
}

function JoinedGroups({ app, user }: { app: App; user: string }) {
  const load = useLoad(
    () =>
      command<{ TotalCount: number; GroupIdList: JoinedGroup[] }>(
        app.sdkappid,
        adminOf(app),
        'group_open_http_svc/get_joined_group_list',
        {
          Member_Account: user,
          WithNoActiveGroups: 1,
          ResponseFilter: { GroupBaseInfoFilter: ['Name', 'Type'], SelfInfoFilter: ['Role', 'UnreadMsgNum'] },
        },
      ),
    [],
  );
  return (
    <section aria-label={`Groups of ${user}`}>
      <h2>Groups of {user}</h2>
      <Loaded load={load}>
        {({ GroupIdList }) =>
          GroupIdList.length === 0 ? (
            <Empty title={`${user} is in no group.`} />
          ) : (
            <ul class="rows">
              {GroupIdList.map(({ GroupId, Name, Type, SelfInfo }) => (
                <li key={GroupId}>
                  <a class="row-link" href={hrefOf('groups', app.sdkappid, GroupId)}>
                    <span class="grow">
                      <strong>{GroupId}</strong> <ForeignText text={Name ?? ''} /> <span class="badge">{Type}</span>
                      <span class="badge">{SelfInfo?.Role}</span>
                    </span>
                    <span class="hint">{plural(SelfInfo?.UnreadMsgNum ?? 0, 'unread message')}</span>
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}
