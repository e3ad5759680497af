import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseBody, prettyText, withItem, withMember } from '../../src/json.ts';

test('A member keeps its place, a new one comes last', () => {
  assert.equal(JSON.stringify(withMember({ a: 1, b: 2 }, 'a', 3)), '{"a":3,"b":2}');
  assert.equal(JSON.stringify(withMember({ a: 1 }, 'b', null)), '{"a":1,"b":null}');
  assert.equal(JSON.stringify(withMember({ a: 1, b: 2 }, 'a', undefined)), '{"b":2}');
});

test('A member may have any name', () => {
  assert.equal(JSON.stringify(withMember({}, '__proto__', 1)), '{"__proto__":1}');
});

test('Items are replaced and removed', () => {
  assert.deepEqual(withItem([1, 2, 3], 1, undefined), [1, 3]);
  assert.deepEqual(withItem([1, 2], 1, 'x'), [1, 'x']);
});

test('Only an object is a body', () => {
  assert.deepEqual(parseBody('{"a":[1]}').value, { a: [1] });
  assert.match(parseBody('[1]').error ?? '', /JSON object/);
  assert.match(parseBody('{').error ?? '', /not JSON/);
});

test('What is no JSON is shown as it is', () => {
  assert.equal(prettyText('<html>'), '<html>');
  assert.equal(prettyText('{"a":1}'), '{\n  "a": 1\n}');
});
