import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meaningOf, readApi, search } from '../../src/api_document.ts';

const operation = (tag: string, field: string, code: number) => ({
  post: {
    summary: `Do ${tag}`,
    tags: [tag],
    requestBody: {
      content: {
        'application/json': {
          schema: { type: 'object', properties: { [field]: { type: 'string' } } },
          example: { [field]: 'x' },
        },
      },
    },
    'x-calls-per-second': 200,
    'x-errors': [{ code, name: 'kX', text: `text of ${tag}` }],
  },
});

const api = readApi({
  info: { version: '0.3.0' },
  paths: {
    '/v4/openim/sendmsg': operation('openim', 'To_Account', 90003),
    '/v4/recentcontact/delete': operation('recentcontact', 'ClearRamble', 50002),
    '/v4/new_svc/thing': operation('new_svc', 'Field', 1),
    '/healthz': {},
  },
  'x-errors': [{ code: 60009, name: 'kUnknownCommand', text: 'no such command', fix: 'Check it.' }],
});

test('Commands stand in families, conversations first, unknown families last', () => {
  assert.deepEqual(
    api.families.map((family) => family.title),
    ['Conversations', 'Messages', 'new_svc'],
  );
  assert.deepEqual(api.commands[1]?.example, { ClearRamble: 'x' });
  assert.equal(api.commands[1]?.callsPerSecond, 200);
});

test('A search takes words of families, names, summaries, fields and codes', () => {
  const names = (text: string) => search(api, text).map((command) => command.name);
  assert.deepEqual(names('DELETE'), ['recentcontact/delete']);
  assert.deepEqual(names('clearramble recent'), ['recentcontact/delete']);
  assert.deepEqual(names('90003'), ['openim/sendmsg']);
  assert.deepEqual(names('do'), ['openim/sendmsg', 'recentcontact/delete', 'new_svc/thing']);
  assert.deepEqual(names('conversations'), ['recentcontact/delete']);
  assert.deepEqual(names('nothing'), []);
});

test('A code means what its command says, then what all say', () => {
  assert.equal(meaningOf(api, api.commands[0], 90003)?.text, 'text of openim');
  assert.equal(meaningOf(api, api.commands[0], 60009)?.fix, 'Check it.');
  assert.equal(meaningOf(api, undefined, 50002)?.text, 'text of recentcontact');
  assert.equal(meaningOf(api, undefined, 4), undefined);
});
