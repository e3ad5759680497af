// Conversations: an account's list, and one conversation of it.
import { useState } from 'preact/hooks';
import { useNamedApp } from '../choice.ts';
import { conversationOf } from '../conversation.ts';
import { useListVersion } from '../list_version.ts';
import { AccountInput } from '../parts/account_input.tsx';
import { AppSelect } from '../parts/app_select.tsx';
import { ConversationList } from '../parts/conversation_list.tsx';
import { Empty } from '../parts/states.tsx';
import { goTo, type Route } from '../router.ts';
import { ConversationView } from './conversation_view.tsx';
import { NoApps, NoSuchApp } from './no_apps.tsx';

export function Conversations({ words }: { words: Route }) {
  const [appWord, user] = words;
  const app = useNamedApp(appWord);
  const version = useListVersion();
  if (!app) return appWord === undefined ? <NoApps /> : <NoSuchApp word={appWord} />;
  const conversation = conversationOf(app.sdkappid, words.slice(1));
  return (
    <>
      <h1>Conversations</h1>
      <FindAccount key={`${app.sdkappid} ${user}`} sdkappid={app.sdkappid} user={user ?? ''} />
      {user === undefined ? (
        <Empty title="Whose conversations?">
          <p>Type an account's name above; the accounts that begin like it are suggested.</p>
        </Empty>
      ) : (
        <div class={conversation ? 'split has-open' : 'split'}>
          <div class="side">
            <ConversationList key={`${app.sdkappid} ${user} ${version}`} app={app} user={user} current={conversation} />
          </div>
          <div class="content">
            {conversation ? (
              <ConversationView key={JSON.stringify(conversation)} app={app} name={conversation} />
            ) : (
              <Empty title="Choose a conversation from the list.">
                <OtherConversation sdkappid={app.sdkappid} user={user} />
              </Empty>
            )}
          </div>
        </div>
      )}
    </>
  );
}

function FindAccount({ sdkappid, user }: { sdkappid: number; user: string }) {
  const [name, setName] = useState(user);
  return (
    <form
      class="toolbar"
      role="search"
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '') goTo('conversations', sdkappid, name);
      }}
    >
      <AppSelect id="conversations-app" onChoose={(next) => goTo('conversations', next)} />
      <AccountInput
        id="conversations-account"
        label="Account"
        sdkappid={sdkappid}
        value={name}
        onInput={setName}
        isSearch
      />
      <button type="submit">Show its conversations</button>
    </form>
  );
}

/** A conversation that is not in the list, because it was deleted for example. */
function OtherConversation({ sdkappid, user }: { sdkappid: number; user: string }) {
  const [peer, setPeer] = useState('');
  return (
    <form
      class="toolbar"
      onSubmit={(event) => {
        event.preventDefault();
        if (peer !== '') goTo('conversations', sdkappid, user, 'with', peer);
      }}
    >
      <AccountInput
        id="other-peer"
        label="Or open the one with any account, also if it is not listed"
        sdkappid={sdkappid}
        value={peer}
        onInput={setPeer}
      />
      <button type="submit">Open</button>
    </form>
  );
}
