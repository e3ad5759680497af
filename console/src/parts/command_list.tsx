// All commands by family, with a search over names, fields and error codes.
import { useState } from 'preact/hooks';
import { byFamily, search, type Api } from '../api_document.ts';
import { goTo, hrefOf } from '../router.ts';

export function hrefOfCommand(name: string): string {
  return hrefOf('v4', ...name.split('/'));
}

export function CommandList({ api, current }: { api: Api; current: string | undefined }) {
  const [text, setText] = useState('');
  const found = search(api, text);
  const first = found[0];
  return (
    <nav class="command-list" aria-label="Commands">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (first) goTo('v4', ...first.name.split('/'));
        }}
      >
        <label for="command-search" class="field-label">
          Find a command <kbd>/</kbd>
        </label>
        <input
          id="command-search"
          type="search"
          data-search
          value={text}
          placeholder="name, field or error code"
          autocomplete="off"
          onInput={(event) => setText(event.currentTarget.value)}
        />
      </form>
      {found.length === 0 && <p class="hint">No command has all of these words. Fewer words find more.</p>}
      {byFamily(found).map((family) => (
        <section key={family.name}>
          <h3>{family.title}</h3>
          <ul>
            {family.commands.map((command) => (
              <li key={command.name}>
                <a
                  href={hrefOfCommand(command.name)}
                  aria-current={command.name === current ? 'page' : undefined}
                  title={command.summary}
                >
                  {command.name.split('/')[1]}
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </nav>
  );
}
