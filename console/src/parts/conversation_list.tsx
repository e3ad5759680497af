// An account's conversations as recentcontact/get_list gives them: pinned ones, then the others.
import { adminOf } from '../choice.ts';
import type { App, ConversationName } from '../contract.ts';
import { hrefOfConversation } from '../conversation.ts';
import { marksOf } from '../marks.ts';
import type { ListAnswer, Session } from '../rest_answers.ts';
import { command } from '../server.ts';
import { usePages, type Page } from '../use_pages.ts';
import { Paged } from './paged.tsx';
import { Empty } from './states.tsx';
import { ForeignText } from './text.tsx';
import { Time } from './time.tsx';

interface Props {
  app: App;
  user: string;
  current?: ConversationName | undefined;
}

const kEverything = 63; // AssistFlags: pins, empty conversations, pages of pins, marks

async function loadPage(app: App, user: string, after: ListAnswer | undefined): Promise<Page<Session, ListAnswer>> {
  const { TimeStamp = 0, StartIndex = 0, TopTimeStamp = 0, TopStartIndex = 0 } = after ?? {};
  const answer = await command<ListAnswer>(app.sdkappid, adminOf(app), 'recentcontact/get_list', {
    From_Account: user,
    TimeStamp,
    StartIndex,
    TopTimeStamp,
    TopStartIndex,
    AssistFlags: kEverything,
  });
  return { rows: answer.SessionItem, next: answer.CompleteFlag === 1 ? undefined : answer };
}

export function ConversationList({ app, user, current }: Props) {
  const pages = usePages<Session, ListAnswer>((after) => loadPage(app, user, after), [app.sdkappid, user]);
  const nothing = (
    <Empty title="The list is empty.">
      <p>
        A conversation is listed when a message is sent or imported. One that was deleted comes back with its next
        message.
      </p>
    </Empty>
  );
  return (
    <section aria-label={`Conversations of ${user}`}>
      <h2>Conversations of {user}</h2>
      <Paged pages={pages} moreLabel="More conversations" empty={nothing}>
        {(sessions) => (
          <>
            <Block
              title="Pinned"
              sessions={sessions.filter((each) => each.TopFlag === 1)}
              {...{ app, user, current }}
            />
            <Block
              title="Not pinned"
              sessions={sessions.filter((each) => each.TopFlag !== 1)}
              {...{ app, user, current }}
            />
          </>
        )}
      </Paged>
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
              <a
                class="row-link"
                href={hrefOfConversation('conversations', name)}
                aria-current={isOpen ? 'page' : undefined}
              >
                <span class="grow">
                  <strong>{name.peer || name.group}</strong>
                  {session.Type === 2 && <span class="badge">group</span>}
                  {session.TopFlag === 1 && <span class="badge">pinned</span>}
                  {marksOf(session.StandardMark ?? '').map((mark) => (
                    <span key={mark} class="badge">
                      {mark}
                    </span>
                  ))}
                  {session.CustomMark && (
                    <span class="badge">
                      custom mark <ForeignText text={session.CustomMark} />
                    </span>
                  )}
                  {session.ContactGroupId && (
                    <span class="badge">in conversation group {session.ContactGroupId.join(', ')}</span>
                  )}
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
