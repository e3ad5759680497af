// The server's OpenAPI document as the console needs it: commands by family, and what their error
// codes mean.
import type { Json, JsonObject } from './json.ts';

export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  properties?: Record<string, Schema>;
  required?: string[];
  items?: Schema;
  oneOf?: Schema[];
  enum?: Json[];
  const?: Json;
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  pattern?: string;
  description?: string;
  examples?: Json[];
  'x-aliases'?: string[];
  'x-max-bytes'?: number;
  'x-error-code'?: number;
}

export interface ErrorMeaning {
  code: number;
  name: string;
  text: string;
  fix?: string;
}

export interface Command {
  name: string; // "recentcontact/delete"
  family: string;
  summary: string;
  schema: Schema;
  example: JsonObject;
  callsPerSecond: number | undefined;
  since: string | undefined;
  groupKinds: string[];
  errors: ErrorMeaning[];
}

export interface Family {
  name: string;
  title: string;
  commands: Command[];
}

export interface Api {
  version: string;
  commands: Command[];
  families: Family[];
  errors: ErrorMeaning[]; // of every command
}

interface Operation {
  summary?: string;
  tags?: string[];
  requestBody?: { content?: { 'application/json'?: { schema?: Schema; example?: JsonObject } } };
  'x-calls-per-second'?: number;
  'x-since'?: string;
  'x-group-kinds'?: string[];
  'x-errors'?: ErrorMeaning[];
}

interface OpenApi {
  info?: { version?: string };
  paths?: Record<string, { post?: Operation }>;
  'x-errors'?: ErrorMeaning[];
}

const kPrefix = '/v4/';

const kFamilyTitles: Record<string, string> = {
  recentcontact: 'Conversations',
  openim: 'Messages',
  group_open_http_svc: 'Groups',
  im_open_login_svc: 'Accounts',
  openim_msg_ext_http_svc: 'Message extensions',
};

export function readApi(document: unknown): Api {
  const { info, paths, 'x-errors': errors } = document as OpenApi;
  const commands: Command[] = [];
  for (const [path, { post }] of Object.entries(paths ?? {})) {
    if (post && path.startsWith(kPrefix)) commands.push(readCommand(path.slice(kPrefix.length), post));
  }
  return { version: info?.version ?? '', commands, families: byFamily(commands), errors: errors ?? [] };
}

function readCommand(name: string, operation: Operation): Command {
  const content = operation.requestBody?.content?.['application/json'];
  return {
    name,
    family: operation.tags?.[0] ?? name.split('/')[0] ?? name,
    summary: operation.summary ?? '',
    schema: content?.schema ?? { type: 'object' },
    example: content?.example ?? {},
    callsPerSecond: operation['x-calls-per-second'],
    since: operation['x-since'],
    groupKinds: operation['x-group-kinds'] ?? [],
    errors: operation['x-errors'] ?? [],
  };
}

export function byFamily(commands: Command[]): Family[] {
  const families = new Map<string, Family>();
  for (const name of Object.keys(kFamilyTitles)) {
    families.set(name, { name, title: kFamilyTitles[name] ?? name, commands: [] });
  }
  for (const command of commands) {
    const family = families.get(command.family) ?? { name: command.family, title: command.family, commands: [] };
    family.commands.push(command);
    families.set(command.family, family);
  }
  return [...families.values()].filter((family) => family.commands.length > 0);
}

/** The commands that have every word in family, name, summary, a field's name or an error code. */
export function search(api: Api, text: string): Command[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return api.commands;
  return api.commands.filter((command) => {
    const fields = Object.keys(command.schema.properties ?? {});
    const codes = command.errors.map((error) => error.code);
    const family = kFamilyTitles[command.family] ?? '';
    const haystack = [family, command.name, command.summary, ...fields, ...codes].join('\n').toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}

export function meaningOf(api: Api, command: Command | undefined, code: number): ErrorMeaning | undefined {
  const find = (errors: ErrorMeaning[]) => errors.find((error) => error.code === code);
  const own = command && find(command.errors);
  if (own) return own;
  return find(api.errors) ?? find(api.commands.flatMap((each) => each.errors));
}
