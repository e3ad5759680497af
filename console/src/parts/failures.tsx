// The last requests that failed, with what the log says of them.
import { useEffect } from 'preact/hooks';
import { meaningOf, type Api } from '../api_document.ts';
import type { Failure } from '../contract.ts';
import { post } from '../server.ts';
import { useLoad } from '../use_load.ts';
import { hrefOfCommand } from './command_list.tsx';
import { Empty, Loaded } from './states.tsx';
import { ForeignText } from './text.tsx';
import { Time } from './time.tsx';

const kPause = 4000;

export function Failures({ api }: { api: Api }) {
  const load = useLoad(() => post('failures', {}), []);
  useEffect(() => {
    if (load.isLoading || load.error) return;
    const timer = setTimeout(load.reload, kPause);
    return () => clearTimeout(timer);
  }, [load.isLoading, load.error]);
  return (
    <section aria-label="Last failed requests">
      <h2>Last failed requests</h2>
      <Loaded load={load}>
        {({ failures }) =>
          failures.length === 0 ? (
            <Empty title="No request has failed since the start." />
          ) : (
            <ul class="rows">
              {failures.map((failure) => (
                <FailureRow key={failure.request_id} api={api} failure={failure} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </section>
  );
}

function FailureRow({ api, failure }: { api: Api; failure: Failure }) {
  const command = api.commands.find((each) => each.name === failure.command);
  const meaning = meaningOf(api, command, failure.code);
  return (
    <li>
      <span class="status status-bad">{failure.code}</span>
      <span class="grow">
        {command ? (
          <a href={hrefOfCommand(command.name)}>{command.name}</a>
        ) : (
          <strong>{failure.command || 'no command'}</strong>
        )}{' '}
        <span class="hint">
          {failure.identifier && <>as {failure.identifier}</>}{' '}
          {failure.sdkappid !== 0 && <>in app {failure.sdkappid}</>}
        </span>
        <span class="block">
          <ForeignText text={failure.reason || meaning?.text || ''} />
        </span>
        {meaning?.fix && <span class="block hint">What to do: {meaning.fix}</span>}
      </span>
      <span class="hint">
        <Time at={failure.time} /> · <code>{failure.request_id}</code>
      </span>
    </li>
  );
}
