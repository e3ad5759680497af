import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nameBefore } from '../../src/accounts.ts';
import { conversationOf, hrefOfConversation } from '../../src/conversation.ts';
import { bytes, duration, number, seconds, textParts } from '../../src/format.ts';
import { marksOf } from '../../src/marks.ts';
import { elementsOf } from '../../src/message.ts';
import { hrefOf, parseRoute } from '../../src/router.ts';

test('Characters that deceive are shown by number, all others as they are', () => {
  assert.deepEqual(textParts('a\u202eb\n<b>'), [
    { text: 'a', isControl: false },
    { text: 'U+202E', isControl: true },
    { text: 'b\n<b>', isControl: false },
  ]);
  assert.deepEqual(textParts(''), []);
});

test('Numbers are short', () => {
  assert.deepEqual([0, 0.25, 3, 9.96, 12.6, 12345].map(number), ['0', '0.3', '3', '10', '13', '12,345']);
  assert.deepEqual([0, 1023, 1536, 1048576].map(bytes), ['0 B', '1023 B', '1.5 KiB', '1.0 MiB']);
  assert.deepEqual([0.00025, 0.0012, 0.25, 2].map(seconds), ['250 µs', '1.2 ms', '250 ms', '2.0 s']);
  assert.deepEqual([0, 60, 7 * 86400].map(duration), ['0 seconds', '1 minute', '7 days']);
});

test('The text before a name stands right before it', () => {
  const before = nameBefore('id1');
  assert.ok('id0zzzz' < before && before < 'id1');
  assert.equal(nameBefore(''), '');
});

test('Any name stands in an address and comes back', () => {
  for (const name of ['a/b', '@TGS#_x%', 'ä ?#', '..']) {
    assert.deepEqual(parseRoute(hrefOf('groups', 1, name)), ['groups', '1', name]);
  }
  assert.deepEqual(parseRoute('#/v4/recentcontact/delete'), ['v4', 'recentcontact', 'delete']);
  assert.deepEqual(parseRoute('#/%zz'), ['%zz']);
  assert.deepEqual(parseRoute('#/sign-in?link=void'), ['sign-in']);
  assert.deepEqual(parseRoute(''), []);
});

test('A conversation is named by its address', () => {
  const name = { sdkappid: 1, user: 'id1', peer: '', group: 'team' };
  assert.deepEqual(conversationOf(1, parseRoute(hrefOfConversation('explain', name)).slice(2)), name);
  assert.equal(conversationOf(1, ['id1', 'near', 'id2']), undefined);
  assert.equal(conversationOf(1, ['id1']), undefined);
});

test('Marks are read from the last bit on', () => {
  assert.deepEqual(marksOf('1000101'), ['star', 'folded', 'mark 6']);
  assert.deepEqual(marksOf(''), []);
});

test('A message is told by its elements, whatever it holds', () => {
  assert.deepEqual(elementsOf('[{"MsgType":"TIMTextElem","MsgContent":{"Text":"<b>"}}]'), [{ kind: '', text: '<b>' }]);
  assert.deepEqual(elementsOf('[{"MsgType":"TIMFaceElem","MsgContent":{"Index":1}}]'), [
    { kind: 'Face', text: '{"Index":1}' },
  ]);
  assert.deepEqual(elementsOf('{'), [{ kind: 'not JSON', text: '{' }]);
  assert.deepEqual(elementsOf('[null]'), [{ kind: 'no element', text: 'null' }]);
});
