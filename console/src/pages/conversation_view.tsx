// One conversation from one side, from the other, or from both.
import { useState } from 'preact/hooks';
import type { App, ConversationName } from '../contract.ts';
import { hrefOfConversation, otherSide } from '../conversation.ts';
import { conversationsChanged, useListVersion } from '../list_version.ts';
import { DeleteDialog } from '../parts/delete_dialog.tsx';
import { History } from '../parts/history.tsx';
import { hrefOf } from '../router.ts';

interface Props {
  app: App;
  name: ConversationName;
}

export function ConversationView({ app, name }: Props) {
  const [showsBoth, setShowsBoth] = useState(false);
  const [isDeleting, setDeleting] = useState(false);
  const [done, setDone] = useState('');
  const version = useListVersion();
  const isGroup = name.group !== '';
  return (
    <article>
      <p class="back">
        <a href={hrefOf('conversations', name.sdkappid, name.user)}>← All conversations of {name.user}</a>
      </p>
      <h2>
        {name.user} {isGroup ? 'in group' : 'with'} {name.peer || name.group}
      </h2>
      <div class="toolbar">
        {!isGroup && name.peer !== name.user && (
          <span class="segments" role="group" aria-label="Side">
            <button type="button" aria-pressed={!showsBoth} onClick={() => setShowsBoth(false)}>
              {name.user}'s side
            </button>
            <a class="button" href={hrefOfConversation('conversations', otherSide(name))}>
              {name.peer}'s side
            </a>
            <button type="button" aria-pressed={showsBoth} onClick={() => setShowsBoth(true)}>
              Both sides
            </button>
          </span>
        )}
        <a class="button" href={hrefOfConversation('explain', name)}>
          Explain
        </a>
        <button type="button" class="danger" onClick={() => setDeleting(true)}>
          Delete…
        </button>
      </div>
      {done && (
        <p class="notice notice-good" role="status">
          {done}
        </p>
      )}
      <div class={showsBoth ? 'sides' : ''}>
        <History key={`${version} this`} name={name} />
        {showsBoth && <History key={`${version} other`} name={otherSide(name)} />}
      </div>
      {isDeleting && (
        <DeleteDialog
          app={app}
          name={name}
          onClose={() => setDeleting(false)}
          onDeleted={(isCleared) => {
            setDeleting(false);
            setDone(doneText(name, isCleared));
            setShowsBoth(!isGroup && name.peer !== name.user);
            conversationsChanged();
          }}
        />
      )}
    </article>
  );
}

function doneText({ user, peer, group }: ConversationName, isCleared: boolean): string {
  const what = isCleared
    ? `is out of ${user}'s list and its history is gone for ${user}`
    : `is out of ${user}'s list; ${user} keeps the history`;
  const others =
    group === '' ? `Below are both sides: that of ${peer} is as it was.` : 'The other members have what they had.';
  return `Done: the conversation ${what}. ${others}`;
}
