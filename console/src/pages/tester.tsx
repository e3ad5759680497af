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

const kBeginnings = [
  {
    href: '#/v4/recentcontact/delete',
    title: 'Delete a conversation',
    text: 'recentcontact/delete, with or without its history',
  },
  {
    href: '#/v4/recentcontact/get_list',
    title: 'Read a conversation list',
    text: 'recentcontact/get_list, page by page',
  },
  { href: '#/v4/openim/sendmsg', title: 'Send a message', text: 'openim/sendmsg, from any account to any other' },
  { href: '#/conversations', title: 'Look at both sides', text: 'What each of two accounts sees of what they wrote' },
  { href: '#/explain', title: 'Ask why', text: 'Why a conversation is listed or not, why 3 are unread' },
  { href: '#/live', title: 'Watch the server', text: 'Requests, times, and the last that failed' },
];

function Welcome({ count }: { count: number }) {
  return (
    <>
      <h1>API tester</h1>
      <p>
        {count} commands, each with a form, its documented sample, and what its error codes mean. Choose one from the
        list, or press <kbd>/</kbd> and type a part of its name.
      </p>
      <h2>Good places to begin</h2>
      <ul class="cards">
        {kBeginnings.map(({ href, title, text }) => (
          <li key={href}>
            <a href={href}>
              <strong>{title}</strong>
              <span>{text}</span>
            </a>
          </li>
        ))}
      </ul>
      <p class="hint">UserSigs are made by the server when you send; none ever stands in the address bar.</p>
    </>
  );
}
