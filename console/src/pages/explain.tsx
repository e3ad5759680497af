// Why a conversation is listed or not, and why its unread count is what it is.
import { useState } from 'preact/hooks';
import { useNamedApp } from '../choice.ts';
import type { ConversationName, Explanation } from '../contract.ts';
import { conversationOf, hrefOfConversation } from '../conversation.ts';
import { AccountInput } from '../parts/account_input.tsx';
import { AppSelect } from '../parts/app_select.tsx';
import { Reasons, Rule } from '../parts/reasons.tsx';
import { Empty, Loaded } from '../parts/states.tsx';
import { Table } from '../parts/table.tsx';
import { goTo, type Route } from '../router.ts';
import { post } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { NoApps, NoSuchApp } from './no_apps.tsx';

export function Explain({ words }: { words: Route }) {
  const [appWord] = words;
  const app = useNamedApp(appWord);
  if (!app) return appWord === undefined ? <NoApps /> : <NoSuchApp word={appWord} />;
  const name = conversationOf(app.sdkappid, words.slice(1));
  return (
    <>
      <h1>Explain a conversation</h1>
      <p>
        Why it is in a list or not, why its unread count is what it is: the facts, and the rules that follow from them.
      </p>
      <AskForm key={JSON.stringify(name)} sdkappid={app.sdkappid} name={name} />
      {name ? (
        <Answer key={JSON.stringify(name)} name={name} />
      ) : (
        <Empty title="Which conversation?">
          <p>Name whose list it is, and the peer or the group. Every open conversation has a button “Explain”, too.</p>
        </Empty>
      )}
    </>
  );
}

function AskForm({ sdkappid, name }: { sdkappid: number; name: ConversationName | undefined }) {
  const [user, setUser] = useState(name?.user ?? '');
  const [kind, setKind] = useState(name?.group ? 'group' : 'with');
  const [other, setOther] = useState(name?.peer || name?.group || '');
  return (
    <form
      class="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        if (user !== '' && other !== '') goTo('explain', sdkappid, user, kind, other);
      }}
    >
      <AppSelect id="explain-app" onChoose={(next) => goTo('explain', next)} />
      <AccountInput id="explain-user" label="Whose list" sdkappid={sdkappid} value={user} onInput={setUser} isSearch />
      <div class="labelled">
        <label for="explain-kind">Kind</label>
        <select id="explain-kind" value={kind} onChange={(event) => setKind(event.currentTarget.value)}>
          <option value="with">one-to-one</option>
          <option value="group">group</option>
        </select>
      </div>
      {kind === 'with' ? (
        <AccountInput id="explain-other" label="Peer" sdkappid={sdkappid} value={other} onInput={setOther} />
      ) : (
        <div class="labelled">
          <label for="explain-other">Group</label>
          <input
            id="explain-other"
            value={other}
            autocomplete="off"
            onInput={(event) => setOther(event.currentTarget.value)}
          />
        </div>
      )}
      <button type="submit">Explain</button>
    </form>
  );
}

function Answer({ name }: { name: ConversationName }) {
  const load = useLoad(() => post('explain', name), []);
  return (
    <>
      <div class="toolbar">
        <h2 class="grow">
          {name.user} {name.group === '' ? `with ${name.peer}` : `in group ${name.group}`}
        </h2>
        <a class="button" href={hrefOfConversation('conversations', name)}>
          Open the conversation
        </a>
      </div>
      <Loaded load={load}>{(explanation) => <Findings name={name} explanation={explanation} />}</Loaded>
    </>
  );
}

const kColumns = [{ title: 'Fact' }, { title: 'Value' }, { title: 'What it means' }, { title: 'Rule' }];

function Findings({ name, explanation }: { name: ConversationName; explanation: Explanation }) {
  const { listed, why_listed, unread, why_unread, facts } = explanation;
  const rows = facts.map(({ name: fact, value, meaning, rule }) => ({
    key: fact,
    cells: [fact, value, meaning, <Rule rule={rule} />],
  }));
  return (
    <>
      <div class="findings">
        <section class="card">
          <h3>{listed ? `It is in ${name.user}'s list` : `It is not in ${name.user}'s list`}</h3>
          <Reasons reasons={why_listed} />
        </section>
        <section class="card">
          <h3>
            {unread} unread for {name.user}
          </h3>
          <Reasons reasons={why_unread} />
        </section>
      </div>
      <h3>The facts that this is computed from</h3>
      <Table label="Facts" columns={kColumns} rows={rows} />
      <p class="hint">The numbers are rules of docs/rules.md, which names the test that holds each of them.</p>
    </>
  );
}
