// A field for an account's name, with the accounts that begin like it.
import { useEffect, useState } from 'preact/hooks';
import { accountsFrom } from '../accounts.ts';
import type { Account } from '../contract.ts';

interface Props {
  id: string;
  label: string;
  sdkappid: number;
  value: string;
  onInput: (value: string) => void;
  isSearch?: boolean;
}

const kPause = 150; // ms without a keystroke
const kSuggestions = 12;

export function AccountInput({ id, label, sdkappid, value, onInput, isSearch = false }: Props) {
  const [suggestions, setSuggestions] = useState<Account[]>([]);
  useEffect(() => {
    let isCurrent = true;
    const timer = setTimeout(() => {
      accountsFrom(sdkappid, value, kSuggestions).then(
        ({ accounts }) => isCurrent && setSuggestions(accounts),
        () => isCurrent && setSuggestions([]),
      );
    }, kPause);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [sdkappid, value]);
  return (
    <div class="labelled">
      <label for={id}>{label}</label>
      <input
        id={id}
        list={`${id}-list`}
        value={value}
        autocomplete="off"
        autocapitalize="off"
        spellcheck={false}
        data-search={isSearch || undefined}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <datalist id={`${id}-list`}>
        {suggestions.map((account) => (
          <option key={account.user_id} value={account.user_id}>
            {account.nick}
          </option>
        ))}
      </datalist>
    </div>
  );
}
