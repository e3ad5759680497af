import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Schema } from '../../src/api_document.ts';
import { alternativeName, alternativeOf, check, limitsOf, spellingIn, starterOf } from '../../src/schema.ts';
import type { Json } from '../../src/json.ts';

const text: Schema = {
  type: 'object',
  properties: { MsgType: { const: 'Text' }, Text: { type: 'string', minLength: 1 } },
  required: ['MsgType', 'Text'],
};
const face: Schema = {
  type: 'object',
  properties: { MsgType: { const: 'Face' }, Index: { type: 'integer' } },
  required: ['MsgType', 'Index'],
};

const schema: Schema = {
  type: 'object',
  properties: {
    From: { type: 'string', minLength: 1, maxLength: 32, pattern: '^[ -~]+$' },
    Type: { type: 'integer', minimum: 1, maximum: 2, 'x-aliases': ['type'], 'x-error-code': 50002 },
    Nick: { type: 'string', maxLength: 6, 'x-max-bytes': 6 },
    Kind: { type: 'string', enum: ['Public', 'Private'] },
    List: { type: 'array', minItems: 1, maxItems: 2, items: { oneOf: [text, face] } },
  },
  required: ['From', 'Type'],
};

const texts = (value: Json) => check(schema, value).map(({ path, text }) => `${path}: ${text}`);

test('A body that keeps to everything has no problems', () => {
  assert.deepEqual(
    texts({ From: 'id1', Type: 2, Nick: 'é1234', Kind: 'Public', List: [{ MsgType: 'Text', Text: 'x' }] }),
    [],
  );
});

test('What is required has to be there, under its name or an alias', () => {
  assert.deepEqual(texts({ From: 'id1' }), ['Type: This field is required.']);
  assert.equal(check(schema, { From: 'id1' })[0]?.code, 50002);
  assert.deepEqual(texts({ From: 'id1', type: 1 }), []);
  assert.deepEqual(texts({ From: 'id1', type: 3 }), ['type: This has to be from 1 to 2.']);
});

test('Types are told apart', () => {
  assert.deepEqual(texts({ From: 1, Type: '1' }), [
    'From: This has to be a text in quotes.',
    'Type: This has to be a whole number.',
  ]);
  assert.deepEqual(texts({ From: 'a', Type: 1.5 }), ['Type: This has to be a whole number.']);
  assert.deepEqual(texts({ From: 'a', Type: 1, List: {} }), ['List: This has to be a list [ … ].']);
  assert.deepEqual(texts({ From: null, Type: 1 }), ['From: This has to be a text in quotes.']);
});

test('Limits of bytes count UTF-8, those of characters code points', () => {
  assert.deepEqual(texts({ From: 'a', Type: 1, Nick: 'éééé' }), [
    'Nick: This has 8 bytes in UTF-8; at most 6 are taken.',
  ]);
  assert.deepEqual(check({ type: 'string', maxLength: 2 }, '😀😀'), []);
  assert.equal(check({ type: 'string', maxLength: 2 }, '😀😀😀').length, 1);
});

test('Patterns, choices and numbers of entries are checked', () => {
  assert.deepEqual(texts({ From: 'ä', Type: 1 }), ['From: This has to match the pattern ^[ -~]+$.']);
  assert.deepEqual(texts({ From: '', Type: 1 }), ['From: This must not be empty.']);
  assert.deepEqual(texts({ From: 'a', Type: 1, Kind: 'public' }), ['Kind: This has to be one of: Public, Private.']);
  assert.deepEqual(texts({ From: 'a', Type: 1, List: [] }), ['List: This list must not be empty.']);
});

test('Problems of nested values carry their path', () => {
  const value = { From: 'a', Type: 1, List: [{ MsgType: 'Text', Text: '' }, { MsgType: 'Face' }] };
  assert.deepEqual(texts(value), ['List[0].Text: This must not be empty.', 'List[1].Index: This field is required.']);
});

test('Alternatives are told by their constants', () => {
  assert.equal(alternativeOf([text, face], { MsgType: 'Face', Index: 'wrong' }), 1);
  assert.equal(alternativeOf([text, face], { MsgType: 'Other' }), -1);
  assert.equal(alternativeOf([{ type: 'string' }, { type: 'object' }], 'id1'), 0);
  assert.equal(alternativeName(face), 'Face');
  assert.deepEqual(texts({ From: 'a', Type: 1, List: [{}] }), ['List[0]: This has to be one of: Text, Face.']);
});

test('An unknown field is noted, not refused', () => {
  const [problem, ...more] = check(schema, { From: 'a', Type: 1, Typo: 1 });
  assert.deepEqual(more, []);
  assert.deepEqual(problem, { path: 'Typo', text: 'The server does not know this field.', isNote: true });
});

test('A field is found under an alias that the body has', () => {
  const properties: Record<string, Schema> = { To: {}, Group: { 'x-aliases': ['group', 'To'] } };
  assert.equal(spellingIn('Group', properties, { group: 1 }), 'group');
  assert.equal(spellingIn('Group', properties, {}), 'Group');
  assert.equal(spellingIn('Group', properties, { To: 'id2' }), 'Group');
});

test('A new value begins with the sample or what is required, and keeps to the limits', () => {
  assert.deepEqual(starterOf({ type: 'string', examples: ['id1'] }), 'id1');
  assert.deepEqual(starterOf({ type: 'array', minItems: 1, items: { oneOf: [face, text] } }), [
    { MsgType: 'Face', Index: 0 },
  ]);
  assert.deepEqual(check(face, starterOf(face)), []);
  assert.equal(starterOf({ type: 'integer', minimum: 1 }), 1);
});

test('Limits are said in a few words', () => {
  assert.equal(limitsOf({ type: 'integer', minimum: 0, maximum: 1 }), '0 to 1');
  assert.equal(limitsOf({ type: 'integer', minimum: 0 }), 'at least 0');
  assert.equal(limitsOf({ type: 'string', minLength: 1, maxLength: 48, 'x-max-bytes': 48 }), '1 to 48 bytes');
  assert.equal(limitsOf({ type: 'string', minLength: 1 }), '');
  assert.equal(limitsOf({ type: 'array', minItems: 1, maxItems: 100 }), '1 to 100 entries');
});
