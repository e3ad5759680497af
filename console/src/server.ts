// All that the console asks of the server.
import { readApi, type Api } from './api_document.ts';
import type { Calls, Overview } from './contract.ts';
import type { JsonObject } from './json.ts';
import { createStore } from './store.ts';

/** The server answered and refused; the message is its sentence for the reader. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** No answer came: the server is down or not reachable. */
export class Unreachable extends Error {}

/** A REST command answered with an error code. */
export class CommandFailed extends Error {
  constructor(
    readonly command: string,
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export type Session = 'unknown' | 'open' | 'closed';
export const session = createStore<Session>('unknown');

async function fetchAnswer(path: string, init?: RequestInit): Promise<Response> {
  let answer: Response;
  try {
    answer = await fetch(path, { credentials: 'same-origin', ...init });
  } catch {
    throw new Unreachable('The server does not answer.');
  }
  if (answer.ok) return answer;
  if (answer.status === 401) session.set('closed');
  throw new Refused(answer.status, await refusalText(answer));
}

async function refusalText(answer: Response): Promise<string> {
  try {
    const { error } = (await answer.json()) as { error?: string };
    if (error) return error;
  } catch {
    // A proxy in between answers with a page of its own.
  }
  return `The server answered with status ${answer.status}.`;
}

export async function post<Name extends keyof Calls>(
  name: Name,
  request: Calls[Name]['request'],
): Promise<Calls[Name]['answer']> {
  const answer = await fetchAnswer(`/console/${name}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(request),
  });
  return (await answer.json()) as Calls[Name]['answer'];
}

/** Runs a REST command and returns its answer, or throws CommandFailed. */
export async function command<Answer>(
  sdkappid: number,
  identifier: string,
  name: string,
  body: JsonObject,
): Promise<Answer> {
  const answer = await post('call', { sdkappid, identifier, command: name, body: JSON.stringify(body) });
  const parsed = JSON.parse(answer.body) as Answer & { ErrorCode: number; ErrorInfo: string };
  if (parsed.ErrorCode !== 0) throw new CommandFailed(name, parsed.ErrorCode, parsed.ErrorInfo);
  return parsed;
}

export async function fetchMetrics(): Promise<string> {
  return (await fetchAnswer('/metrics')).text();
}

/** What every page needs; undefined until it is loaded. */
export interface Server {
  overview: Overview;
  api: Api;
}

export const server = createStore<Server | undefined>(undefined);

export async function loadServer(): Promise<void> {
  const [overview, document] = await Promise.all([
    post('overview', {}),
    fetchAnswer('/openapi.json').then((answer) => answer.json()),
  ]);
  server.set({ overview, api: readApi(document) });
  session.set('open');
}

export async function reloadOverview(): Promise<void> {
  const overview = await post('overview', {});
  const loaded = server.get();
  if (loaded) server.set({ ...loaded, overview });
}
