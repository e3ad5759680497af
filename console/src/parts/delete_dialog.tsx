// Deleting a conversation, after saying exactly what happens to whom.
import { useState } from 'preact/hooks';
import { adminOf } from '../choice.ts';
import type { App, ConversationName } from '../contract.ts';
import { command } from '../server.ts';
import { Dialog } from './dialog.tsx';
import { Failed } from './states.tsx';

interface Props {
  app: App;
  name: ConversationName;
  onClose: () => void;
  onDeleted: (isCleared: boolean) => void;
}

export function DeleteDialog({ app, name, onClose, onDeleted }: Props) {
  const [isClearing, setClearing] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<Error>();
  const { user, peer, group } = name;
  const remove = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await command(app.sdkappid, adminOf(app), 'recentcontact/delete', {
        From_Account: user,
        ...(group === '' ? { Type: 1, To_Account: peer } : { Type: 2, ToGroupid: group }),
        ClearRamble: isClearing ? 1 : 0,
      });
      onDeleted(isClearing);
    } catch (failure) {
      setError(failure as Error);
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={
        group === ''
          ? `Delete ${user}'s conversation with ${peer}?`
          : `Delete ${user}'s conversation of group ${group}?`
      }
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void remove();
        }}
      >
        <fieldset class="choices">
          <legend>The history that {user} has of it</legend>
          <label>
            <input type="radio" name="clearing" checked={!isClearing} onChange={() => setClearing(false)} />
            Keep it: {user} can still read it (ClearRamble 0)
          </label>
          <label>
            <input type="radio" name="clearing" checked={isClearing} onChange={() => setClearing(true)} />
            Clear it, too (ClearRamble 1)
          </label>
        </fieldset>
        <Consequences name={name} isClearing={isClearing} />
        {error && <Failed error={error} />}
        <p class="buttons">
          <button type="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="danger" disabled={isBusy}>
            {isClearing ? 'Delete and clear the history' : 'Delete'}
          </button>
        </p>
      </form>
    </Dialog>
  );
}

function Consequences({ name: { user, peer, group }, isClearing }: { name: ConversationName; isClearing: boolean }) {
  const others = group === '' ? peer : 'the other members';
  return (
    <dl class="consequences">
      <dt>For {user}</dt>
      <dd>
        <ul>
          <li>The conversation leaves the list at once, and its pin goes. Its next message brings it back.</li>
          <li>Its unread count becomes 0.</li>
          <li>
            {isClearing ? (
              <strong>All messages stored so far are gone for {user}, for ever. This cannot be undone.</strong>
            ) : (
              'The messages stay readable in the history.'
            )}
          </li>
          <li>Marks and conversation groups stay{group === '' ? '' : `, and ${user} stays a member of ${group}`}.</li>
        </ul>
      </dd>
      {(group !== '' || peer !== user) && (
        <>
          <dt>For {others}</dt>
          <dd>
            <ul>
              <li>Nothing changes: list, history and unread counts are as they were. Nobody is told.</li>
            </ul>
          </dd>
        </>
      )}
    </dl>
  );
}
