// The API tester: a list of commands, and the one that the address names.
import { CommandList } from '../parts/command_list.tsx';
import { Empty } from '../parts/states.tsx';
import { useApp } from '../choice.ts';
import type { Server } from '../server.ts';
import { CommandTester } from './command_tester.tsx';
import { NoApps } from './no_apps.tsx';

export function Tester({ server, name }: { server: Server; name: string | undefined }) {
  const { api } = server;
  const app = useApp();
  const command = api.commands.find((each) => each.name === name);
  if (!app) return <NoApps />;
  return (
    <div class="split">
      <details class="side" open={name === undefined || matchMedia('(min-width: 60rem)').matches}>
        <summary>All commands</summary>
        <CommandList api={api} current={name} />
      </details>
      <div class="content">
        {command && <CommandTester key={command.name} server={server} app={app} command={command} />}
        {name !== undefined && !command && (
          <Empty title={`There is no command ${name}.`}>
            <p>The list has all that this server knows; the search looks through names, fields and error codes.</p>
          </Empty>
        )}
        {name === undefined && <Welcome count={api.commands.length} />}
      </div>
    </div>
  );
}

function Welcome({ count }: { count: number }) {
  return (
    <>
      <h1>API tester</h1>
      <p>
        {count} commands, each with a form, its documented sample, and what its error codes mean. Choose one from the list, or press <kbd>/</kbd> and
        type a part of its name.
      </p>
      <ul class="cards">
        <li>
          <a href="#/v4/recentcontact/get_list">
            <strong>See a conversation list</strong>
            <span>recentcontact/get_list</span>
          </a>
        </li>
        <li>
          <a href="#/v4/recentcontact/delete">
            <strong>Delete a conversation</strong>
            <span>recentcontact/delete</span>
          </a>
        </li>
        <li>
          <a href="#/v4/openim/sendmsg">
            <strong>Send a message</strong>
            <span>openim/sendmsg</span>
          </a>
        </li>
      </ul>
      <p class="hint">UserSigs are made by the server when you send; none ever stands in the address bar.</p>
    </>
  );
}
