// The groups of an app.
import { useState } from 'preact/hooks';
import { adminOf, useNamedApp } from '../choice.ts';
import type { App } from '../contract.ts';
import { plural } from '../format.ts';
import { AppSelect } from '../parts/app_select.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { ForeignText } from '../parts/text.tsx';
import { Time } from '../parts/time.tsx';
import type { GroupInfo, GroupListAnswer } from '../rest_answers.ts';
import { goTo, hrefOf, type Route } from '../router.ts';
import { command } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { GroupView } from './group_view.tsx';
import { NoApps, NoSuchApp } from './no_apps.tsx';

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
  const ask = <T,>(name: string, body: Parameters<typeof command>[3]) =>
    command<T>(app.sdkappid, adminOf(app), name, body);
  const { TotalCount, GroupIdList, Next } = await ask<GroupListAnswer>('group_open_http_svc/get_appid_group_list', {
    Limit: kPage,
    Next: from,
  });
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
  const load = useLoad(() => loadPage(app, starts.at(-1) ?? 0), [starts], 'keep');
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
          <input
            id="groups-name"
            data-search
            value={wanted}
            autocomplete="off"
            spellcheck={false}
            onInput={(event) => setWanted(event.currentTarget.value)}
          />
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

const kColumns = [
  { title: 'GroupId' },
  { title: 'Name' },
  { title: 'Kind' },
  { title: 'Members', isNumeric: true },
  { title: 'Owner' },
  { title: 'Last message' },
];

function TableOfGroups({ app, groups }: { app: App; groups: GroupInfo[] }) {
  const rows = groups.map(({ GroupId, Name = '', Type, MemberNum, Owner_Account, LastMsgTime = 0 }) => ({
    key: GroupId,
    cells: [
      <a href={hrefOf('groups', app.sdkappid, GroupId)}>{GroupId}</a>,
      <ForeignText text={Name} />,
      Type,
      MemberNum,
      Owner_Account || '—',
      <Time at={LastMsgTime} />,
    ],
  }));
  return <Table label="Groups" columns={kColumns} rows={rows} />;
}
