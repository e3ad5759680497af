// The stored messages of a conversation, and what one side sees of them.
import { useState } from 'preact/hooks';
import type { ConversationName, HistoryRow } from '../contract.ts';
import { plural } from '../format.ts';
import { useListVersion } from '../list_version.ts';
import { elementsOf } from '../message.ts';
import { post } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { Reasons } from './reasons.tsx';
import { Empty, Loaded } from './states.tsx';
import { ForeignText } from './text.tsx';
import { Time } from './time.tsx';

const kPage = 50;

interface Page {
  rows: HistoryRow[];
  complete: boolean;
}

export function History({ name }: { name: ConversationName }) {
  const [rowsBefore, setRowsBefore] = useState<HistoryRow[]>([]);
  const version = useListVersion();
  const load = useLoad(
    () => post('history', { ...name, before: rowsBefore.at(-1)?.cursor ?? '', limit: kPage }),
    [JSON.stringify(name), rowsBefore, version],
  );
  return (
    <section class="history" aria-label={`What ${name.user} sees`}>
      <h3>What {name.user} sees</h3>
      <Loaded load={load}>{(page) => <Rows page={page} before={rowsBefore} onMore={setRowsBefore} name={name} />}</Loaded>
    </section>
  );
}

interface RowsProps {
  page: Page;
  before: HistoryRow[];
  onMore: (rows: HistoryRow[]) => void;
  name: ConversationName;
}

function Rows({ page, before, onMore, name }: RowsProps) {
  const rows = [...before, ...page.rows];
  const hidden = rows.filter((row) => !row.visible).length;
  const unread = rows.filter((row) => row.unread).length;
  if (rows.length === 0) {
    return (
      <Empty title="No message is stored in this conversation.">
        <p>It was never used, or the space of what nobody sees any more was given back.</p>
      </Empty>
    );
  }
  return (
    <>
      <p class="hint">
        {plural(rows.length, 'message')}
        {page.complete ? '' : ' so far'}, newest first · {hidden} hidden from {name.user} · {unread} unread
      </p>
      <ol class="messages">
        {rows.map((row) => (
          <MessageRow key={row.cursor} row={row} user={name.user} />
        ))}
      </ol>
      {!page.complete && (
        <button type="button" onClick={() => onMore(rows)}>
          Older messages
        </button>
      )}
    </>
  );
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
