import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { kLanguages, snippet, urlOf } from '../../src/snippets.ts';

const call = {
  restUrl: 'https://127.0.0.1:8443',
  certificate: "/srv/it's/certificate.pem",
  command: 'recentcontact/delete',
  sdkappid: 88888888,
  identifier: 'the admin',
  usersig: 'eJ*-_x',
  random: 7,
  body: '{\n  "Text": "it\'s $HOME `x` \\"q\\" ä 😀  two",\n  "N": 12345678901234567890\n}',
};
const compactBody = '{"Text":"it\'s $HOME `x` \\"q\\" ä 😀  two","N":12345678901234567890}';

test('The address has what the gateway wants', () => {
  assert.equal(
    urlOf(call),
    'https://127.0.0.1:8443/v4/recentcontact/delete?sdkappid=88888888&identifier=the%20admin&usersig=eJ*-_x&random=7&contenttype=json',
  );
});

test('A shell reads back exactly what is sent', () => {
  const line = snippet('curl', call);
  const words = execFileSync('sh', ['-c', line.replace(/^curl/, "printf '%s\\n'")], { encoding: 'utf8' });
  assert.deepEqual(words.split('\n').slice(0, 5), ['--cacert', call.certificate, urlOf(call), '-d', compactBody]);
});

test('Without a certificate of its own the machine decides whom to trust', () => {
  for (const language of kLanguages) {
    assert.match(snippet(language, call), /certificate\.pem/, language);
    assert.doesNotMatch(
      snippet(language, { ...call, certificate: '' }),
      /cacert|cafile|x509|CA_CERTS|CAINFO|keytool/,
      language,
    );
  }
});

test('JavaScript reads back exactly what is sent', () => {
  const body = /body: (".*"),/.exec(snippet('Node', call))?.[1] ?? '';
  assert.equal(new Function(`return ${body}`)(), compactBody);
});

test('A body that is not JSON is sent as it is', () => {
  assert.match(snippet('curl', { ...call, body: '{ "a" ' }), /-d '\{ "a" '/);
});

test('Every language has the address and the body in it', () => {
  for (const language of kLanguages) {
    const program = snippet(language, { ...call, body: '{ "a": 1 }' });
    assert.ok(program.includes('/v4/recentcontact/delete?sdkappid=88888888'), language);
    assert.match(program, /\{\\?"a\\?":1\}/, language);
  }
});
