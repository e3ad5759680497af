// The stored messages of a conversation, and what one side sees of them.
import type { ConversationName, HistoryRow } from '../contract.ts';
import { plural } from '../format.ts';
import { elementsOf } from '../message.ts';
import { post } from '../server.ts';
import { usePages } from '../use_pages.ts';
import { Paged } from './paged.tsx';
import { Reasons } from './reasons.tsx';
import { Empty } from './states.tsx';
import { ForeignText } from './text.tsx';
import { Time } from './time.tsx';

const kPage = 50;

export function History({ name }: { name: ConversationName }) {
  const pages = usePages<HistoryRow, string>(async (before = '') => {
    const { rows, complete } = await post('history', { ...name, before, limit: kPage });
    return { rows, next: complete ? undefined : rows.at(-1)?.cursor };
  }, []);
  const nothing = (
    <Empty title="No message is stored in this conversation.">
      <p>It was never used, or the space of what nobody sees any more was given back.</p>
    </Empty>
  );
  return (
    <section class="history" aria-label={`What ${name.user} sees`}>
      <h3>What {name.user} sees</h3>
      <Paged pages={pages} moreLabel="Older messages" empty={nothing}>
        {(rows) => (
          <>
            <p class="hint">{summaryOf(rows, pages.hasMore, name.user)}</p>
            <ol class="messages">
              {rows.map((row) => (
                <MessageRow key={row.cursor} row={row} user={name.user} />
              ))}
            </ol>
          </>
        )}
      </Paged>
    </section>
  );
}

function summaryOf(rows: HistoryRow[], hasMore: boolean, user: string): string {
  const hidden = rows.filter((row) => !row.visible).length;
  const unread = rows.filter((row) => row.unread).length;
  const count = `${plural(rows.length, 'message')}${hasMore ? ' so far' : ''}, newest first`;
  return `${count} · ${hidden} hidden from ${user} · ${unread} unread`;
}

function MessageRow({ row, user }: { row: HistoryRow; user: string }) {
  const classes = ['message', row.from === user ? 'mine' : '', row.visible ? '' : 'hidden-message'].filter(Boolean);
  return (
    <li class={classes.join(' ')}>
      <div class="message-head">
        <strong>
          <ForeignText text={row.from} />
        </strong>
        <Time at={row.time} />
        <span class="hint">{row.msg_key === '' ? `MsgSeq ${row.position}` : `no. ${row.position}`}</span>
        {!row.visible && <span class="badge badge-hidden">hidden from {user}</span>}
        {row.unread && <span class="badge badge-unread">unread</span>}
        {row.recalled && <span class="badge">recalled</span>}
      </div>
      <MessageBody body={row.body} />
      {(row.cloud_custom_data !== '' || row.msg_key !== '') && (
        <p class="hint message-extra">
          {row.msg_key !== '' && <code>{row.msg_key}</code>}
          {row.cloud_custom_data !== '' && (
            <>
              {' '}
              CloudCustomData: <ForeignText text={row.cloud_custom_data} />
            </>
          )}
        </p>
      )}
      {row.visible ? (
        row.reasons.length > 0 && (
          <details>
            <summary>Why {row.unread ? 'unread' : 'not unread'}</summary>
            <Reasons reasons={row.reasons} />
          </details>
        )
      ) : (
        <Reasons reasons={row.reasons} />
      )}
    </li>
  );
}

export function MessageBody({ body }: { body: Parameters<typeof elementsOf>[0] }) {
  return (
    <div class="message-body">
      {elementsOf(body).map((element, index) => (
        <p key={index}>
          {element.kind !== '' && <span class="badge">{element.kind}</span>} <ForeignText text={element.text} />
        </p>
      ))}
    </div>
  );
}
