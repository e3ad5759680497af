// The groups of an app.
import { useState } from 'preact/hooks';
import { adminOf, useNamedApp } from '../choice.ts';
import type { App } from '../contract.ts';
import { plural } from '../format.ts';
import { AppSelect } from '../parts/app_select.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { ForeignText } from '../parts/text.tsx';
import { Time } from '../parts/time.tsx';
import type { GroupInfo, GroupListAnswer } from '../rest_answers.ts';
import { goTo, hrefOf, type Route } from '../router.ts';
import { command } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { NoSuchApp } from './conversations.tsx';
import { GroupView } from './group_view.tsx';
import { NoApps } from './no_apps.tsx';

const kPage = 50; // as many as get_group_info takes

export function Groups({ words: [appWord, group] }: { words: Route }) {
  const app = useNamedApp(appWord);
  if (!app) return appWord === undefined ? <NoApps /> : <NoSuchApp word={appWord} />;
  if (group !== undefined) return <GroupView key={group} app={app} group={group} />;
  return <GroupTable key={app.sdkappid} app={app} />;
}

interface Page {
  total: number;
  groups: GroupInfo[];
  next: number;
}

async function loadPage(app: App, from: number): Promise<Page> {
  const ask = <T,>(name: string, body: Parameters<typeof command>[3]) => command<T>(app.sdkappid, adminOf(app), name, body);
  const { TotalCount, GroupIdList, Next } = await ask<GroupListAnswer>('group_open_http_svc/get_appid_group_list', { Limit: kPage, Next: from });
  if (GroupIdList.length === 0) return { total: TotalCount, groups: [], next: 0 };
  const { GroupInfo } = await ask<{ GroupInfo: GroupInfo[] }>('group_open_http_svc/get_group_info', {
    GroupIdList: GroupIdList.map(({ GroupId }) => GroupId),
    ResponseFilter: { GroupBaseInfoFilter: ['Name', 'Type', 'MemberNum', 'Owner_Account', 'LastMsgTime'] },
  });
  return { total: TotalCount, groups: GroupInfo, next: Next };
}

function GroupTable({ app }: { app: App }) {
  const [starts, setStarts] = useState([0]);
  const [wanted, setWanted] = useState('');
  const load = useLoad(() => loadPage(app, starts.at(-1) ?? 0), [starts]);
  return (
    <>
      <h1>Groups</h1>
      <form
        class="toolbar"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (wanted !== '') goTo('groups', app.sdkappid, wanted);
        }}
      >
        <AppSelect id="groups-app" onChoose={(next) => goTo('groups', next)} />
        <div class="labelled">
          <label for="groups-name">GroupId</label>
          <input id="groups-name" data-search value={wanted} autocomplete="off" spellcheck={false} onInput={(event) => setWanted(event.currentTarget.value)} />
        </div>
        <button type="submit">Open</button>
      </form>
      <Loaded load={load}>
        {({ total, groups, next }) =>
          groups.length === 0 ? (
            <Empty title="This app has no groups yet.">
              <p>
                <a href="#/v4/group_open_http_svc/create_group">Make one with the API tester</a>
              </p>
            </Empty>
          ) : (
            <>
              <p class="hint">{plural(total, 'group')}, oldest first</p>
              <TableOfGroups app={app} groups={groups} />
              <p class="buttons">
                <button type="button" disabled={starts.length === 1} onClick={() => setStarts(starts.slice(0, -1))}>
                  Back
                </button>
                <button type="button" disabled={next === 0} onClick={() => setStarts([...starts, next])}>
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

function TableOfGroups({ app, groups }: { app: App; groups: GroupInfo[] }) {
  return (
    <div class="table-frame" tabIndex={0} role="region" aria-label="Groups">
      <table>
        <thead>
          <tr>
            <th scope="col">GroupId</th>
            <th scope="col">Name</th>
            <th scope="col">Kind</th>
            <th scope="col">Members</th>
            <th scope="col">Owner</th>
            <th scope="col">Last message</th>
          </tr>
        </thead>
        <tbody>
          {groups.map((group) => (
            <tr key={group.GroupId}>
              <th scope="row">
                <a href={hrefOf('groups', app.sdkappid, group.GroupId)}>{group.GroupId}</a>
              </th>
              <td>
                <ForeignText text={group.Name ?? ''} />
              </td>
              <td>{group.Type}</td>
              <td class="numeric">{group.MemberNum}</td>
              <td>{group.Owner_Account || '—'}</td>
              <td>
                <Time at={group.LastMsgTime ?? 0} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
