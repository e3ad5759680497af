// An account's conversations as recentcontact/get_list gives them: pinned ones, then the others.
import { useEffect, useState } from 'preact/hooks';
import { adminOf } from '../choice.ts';
import type { App, ConversationName } from '../contract.ts';
import { hrefOfConversation } from '../conversation.ts';
import { useListVersion } from '../list_version.ts';
import type { ListAnswer, Session } from '../rest_answers.ts';
import { command } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { Empty, Loaded } from './states.tsx';
import { Time } from './time.tsx';

interface Props {
  app: App;
  user: string;
  current?: ConversationName | undefined;
}

const kEverything = 63; // AssistFlags: pins, empty conversations, pages of pins, marks

async function page(app: App, user: string, after: ListAnswer | undefined): Promise<ListAnswer> {
  const { TimeStamp = 0, StartIndex = 0, TopTimeStamp = 0, TopStartIndex = 0 } = after ?? {};
  return command<ListAnswer>(app.sdkappid, adminOf(app), 'recentcontact/get_list', {
    From_Account: user,
    TimeStamp,
    StartIndex,
    TopTimeStamp,
    TopStartIndex,
    AssistFlags: kEverything,
  });
}

export function ConversationList({ app, user, current }: Props) {
  const [pages, setPages] = useState<ListAnswer[]>([]);
  const version = useListVersion();
  const load = useLoad(() => page(app, user, pages.at(-1)), [app.sdkappid, user, pages, version]);
  useEffect(() => setPages([]), [version]);
  const sessions = (last: ListAnswer) => [...pages, last].flatMap((each) => each.SessionItem);
  return (
    <section aria-label={`Conversations of ${user}`}>
      <h2>Conversations of {user}</h2>
      <Loaded load={load}>
        {(last) => (
          <>
            <Block title="Pinned" sessions={sessions(last).filter((each) => each.TopFlag === 1)} {...{ app, user, current }} />
            <Block title="Others" sessions={sessions(last).filter((each) => each.TopFlag !== 1)} {...{ app, user, current }} />
            {sessions(last).length === 0 && (
              <Empty title="The list is empty.">
                <p>A conversation is listed when a message is sent or imported. One that was deleted comes back with its next message.</p>
              </Empty>
            )}
            {last.CompleteFlag !== 1 && (
              <button type="button" onClick={() => setPages([...pages, last])}>
                More conversations
              </button>
            )}
          </>
        )}
      </Loaded>
    </section>
  );
}

function Block({ title, sessions, app, user, current }: Props & { title: string; sessions: Session[] }) {
  if (sessions.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul class="rows">
        {sessions.map((session) => {
          const name = nameOf(app, user, session);
          const isOpen = current?.peer === name.peer && current.group === name.group;
          return (
            <li key={`${session.Type} ${name.peer}${name.group}`}>
              <a class="row-link" href={hrefOfConversation('conversations', name)} aria-current={isOpen ? 'page' : undefined}>
                <span class="grow">
                  <strong>{name.peer || name.group}</strong>
                  {session.Type === 2 && <span class="badge">group</span>}
                  {session.TopFlag === 1 && <span class="badge">pinned</span>}
                  {session.CustomMark && <span class="badge">mark {session.CustomMark}</span>}
                </span>
                <span class="hint">
                  <Time at={session.MsgTime} />
                </span>
              </a>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function nameOf(app: App, user: string, { Type, To_Account = '', GroupId = '' }: Session): ConversationName {
  return { sdkappid: app.sdkappid, user, peer: Type === 1 ? To_Account : '', group: Type === 2 ? GroupId : '' };
}
