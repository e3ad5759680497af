// For development of the console only: serves the built console as the server will, with a demo of
// confab behind it that answers the REST calls. What the contract adds is made up from REST answers.
// node fake_server.mjs CONFAB_PROGRAM OPENAPI_JSON DIST
import { spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { deflateSync, inflateSync } from 'node:zlib';

const [program, openapi, dist] = process.argv.slice(2);
const port = Number(process.env.PORT ?? 9209);
const restPort = port + 1;
const opsPort = port + 2;
const kApp = 88888888;
const data = mkdtempSync(join(tmpdir(), 'confab-'));
const confab = spawn(program, ['serve', '--demo'], {
  env: { ...process.env, CONFAB_DATA_DIR: data, CONFAB_REST_PORT: String(restPort), CONFAB_OPS_PORT: String(opsPort) },
  stdio: ['ignore', 'pipe', 'inherit'],
});
process.on('exit', () => confab.kill());
for (const name of ['SIGTERM', 'SIGINT']) process.on(name, () => process.exit(0));
await new Promise((resolve) => confab.stdout.on('data', (text) => String(text).includes('ready') && resolve()));
const key = /keys = \["([0-9a-f]+)"/.exec(readFileSync(join(data, 'apps.toml'), 'utf8'))[1];

const now = () => Math.floor(Date.now() / 1000);
function userSig(identifier, expire) {
  const time = now();
  const text = `TLS.identifier:${identifier}\nTLS.sdkappid:${kApp}\nTLS.time:${time}\nTLS.expire:${expire}\n`;
  const sig = createHmac('sha256', key).update(text).digest('base64');
  const json = { 'TLS.ver': '2.0', 'TLS.identifier': identifier, 'TLS.sdkappid': kApp, 'TLS.expire': expire, 'TLS.time': time, 'TLS.sig': sig };
  return deflateSync(JSON.stringify(json)).toString('base64').replaceAll('+', '*').replaceAll('/', '-').replaceAll('=', '_');
}
const agent = new https.Agent({ rejectUnauthorized: false, keepAlive: true });
function rest(identifier, command, body) {
  const path = `/v4/${command}?sdkappid=${kApp}&identifier=${encodeURIComponent(identifier)}&usersig=${encodeURIComponent(userSig(identifier, 60))}&random=1&contenttype=json`;
  return new Promise((resolve, reject) => {
    const request = https.request({ host: '127.0.0.1', port: restPort, path, method: 'POST', agent }, (answer) => {
      let text = '';
      answer.on('data', (part) => (text += part));
      answer.on('end', () => resolve({ body: text, request_id: answer.headers['x-request-id'] ?? '' }));
    });
    request.on('error', reject);
    request.end(body);
  });
}
const ask = async (command, body) => JSON.parse((await rest('admin', command, JSON.stringify(body))).body);
const api = JSON.parse(readFileSync(openapi, 'utf8'));
const withFix = (errors) => errors.forEach((error) => (error.fix ??= `Look at what ${error.name} is about and send it again.`));
withFix(api['x-errors']);
for (const { post } of Object.values(api.paths)) withFix(post['x-errors']);

const started = now();
const failures = [];
let keys = [{ fingerprint: 'a1b2c3d4', good_until: 0 }];
const cleared = new Map();
const deleted = new Map();
const nameOf = (user, other) => `${user}\n${other}`;

async function roam(user, peer) {
  const messages = [];
  const to = now() + 10;
  let LastMsgKey;
  let MaxTime = to;
  for (;;) {
    const page = await ask('openim/admin_getroammsg', { Operator_Account: user, Peer_Account: peer, MaxCnt: 100, MinTime: 0, MaxTime, ...(LastMsgKey ? { LastMsgKey } : {}) });
    messages.push(...[...(page.MsgList ?? [])].reverse());
    if (page.Complete !== 0 || page.ErrorCode) return messages;
    ({ LastMsgKey, LastMsgTime: MaxTime } = page);
  }
}
async function history({ user, peer, group, before, limit }) {
  const unread = group ? { C2CUnreadMsgNumList: [] } : await ask('openim/get_c2c_unread_msg_num', { To_Account: user, Peer_Account: [peer] });
  let rows;
  if (group) {
    const { RspMsgList = [] } = await ask('group_open_http_svc/group_msg_get_simple', { GroupId: group, ReqMsgNumber: 20, WithRecalledMsg: 1 });
    rows = RspMsgList.map((message) => ({ position: message.MsgSeq, time: message.MsgTimeStamp, from: message.From_Account, msg_key: '', body: JSON.stringify(message.MsgBody), visible: message.MsgSeq > (cleared.get(nameOf(user, group)) ?? 0) }));
  } else {
    const mine = await roam(user, peer);
    const all = new Map([...mine, ...(await roam(peer, user))].map((message) => [message.MsgKey, message]));
    rows = [...all.values()].sort((a, b) => b.MsgTimeStamp - a.MsgTimeStamp || b.MsgSeq - a.MsgSeq);
    rows = rows.map((message, index) => ({ position: rows.length - index, time: message.MsgTimeStamp, from: message.From_Account, msg_key: message.MsgKey, body: JSON.stringify(message.MsgBody), visible: mine.some((each) => each.MsgKey === message.MsgKey) }));
  }
  let left = unread.C2CUnreadMsgNumList?.[0]?.C2CUnreadMsgNum ?? 0;
  rows = rows.map((row) => {
    const isUnread = row.visible && row.from !== user && left-- > 0;
    const reasons = !row.visible
      ? [{ rule: 'E16', text: `It is at or below position ${row.position}, up to which ${user} cleared the history.` }]
      : [{ rule: 'D20', text: row.from === user ? `${user} sent it.` : isUnread ? 'It is above the read mark and was not deleted.' : 'It is at or below the read mark.' }];
    return { cursor: String(row.position), cloud_custom_data: '', recalled: false, unread: isUnread, reasons, ...row };
  });
  const from = before ? rows.findIndex((row) => row.cursor === before) + 1 : 0;
  return { rows: rows.slice(from, from + limit), complete: from + limit >= rows.length };
}
async function explain(name) {
  const { user, peer, group } = name;
  const list = await ask('recentcontact/get_list', { From_Account: user, TimeStamp: 0, StartIndex: 0, TopTimeStamp: 0, TopStartIndex: 0, AssistFlags: 63 });
  const listed = (list.SessionItem ?? []).some((each) => (group ? each.GroupId === group : each.To_Account === peer));
  const { rows } = await history({ ...name, before: '', limit: 100 });
  const unread = rows.filter((row) => row.unread).length;
  const head = rows[0]?.position ?? 0;
  const deletedUpTo = deleted.get(nameOf(user, peer || group)) ?? 0;
  return {
    listed,
    why_listed: [listed ? { rule: 'D1', text: `Its last refresh, position ${head}, is above position ${deletedUpTo}, up to which it was deleted.` } : { rule: 'E14', text: `It was deleted up to position ${deletedUpTo}, and nothing came after it.` }],
    unread,
    why_unread: [{ rule: 'D20', text: `${unread} countable messages lie above the read mark and above what was deleted.` }],
    facts: [
      { name: 'last_position', value: String(head), meaning: 'The newest message of the conversation', rule: 'E19' },
      { name: 'deleted_upto', value: String(deletedUpTo), meaning: 'What came up to here makes no entry and no unread count', rule: 'E14' },
      { name: 'cleared_upto', value: String(cleared.get(nameOf(user, peer || group)) ?? 0), meaning: 'What came up to here is gone for this user', rule: 'E16' },
      { name: 'read_upto', value: '0', meaning: 'What came up to here is read', rule: 'D20' },
      { name: 'pinned', value: 'no', meaning: 'A pinned conversation is listed even without messages', rule: 'D10' },
    ],
  };
}
const calls = {
  overview: () => ({ version: api.info.version, rest_url: `https://127.0.0.1:${restPort}`, store: 'rocks', started_at: started, apps: [{ sdkappid: kApp, admins: ['admin'], keys }] }),
  async call({ identifier, command, body }) {
    const start = process.hrtime.bigint();
    const answer = await rest(identifier, command, body);
    const microseconds = Number((process.hrtime.bigint() - start) / 1000n);
    const { ErrorCode, ErrorInfo } = JSON.parse(answer.body);
    if (ErrorCode !== 0) failures.unshift({ time: now(), request_id: answer.request_id, command, sdkappid: kApp, identifier, code: ErrorCode, reason: ErrorInfo });
    if (ErrorCode === 0 && command === 'recentcontact/delete') {
      const { From_Account: user, To_Account, ToGroupid, ClearRamble } = JSON.parse(body);
      const { rows } = await history({ user, peer: To_Account ?? '', group: ToGroupid ?? '', before: '', limit: 1 });
      const other = nameOf(user, To_Account ?? ToGroupid);
      deleted.set(other, rows[0]?.position ?? 0);
      if (ClearRamble) cleared.set(other, rows[0]?.position ?? 0);
    }
    return { ...answer, microseconds };
  },
  user_sig: ({ identifier, seconds }) => ({ usersig: userSig(identifier, seconds), expires_at: now() + seconds }),
  explain_user_sig({ identifier, usersig }) {
    try {
      const claims = JSON.parse(inflateSync(Buffer.from(usersig.replaceAll('*', '+').replaceAll('-', '/').replaceAll('_', '='), 'base64')));
      if (claims['TLS.identifier'] !== identifier) return { valid: false, code: 70013, text: `It is for ${claims['TLS.identifier']}.` };
      return { valid: true, code: 0, text: `It is for ${identifier}.` };
    } catch {
      return { valid: false, code: 70003, text: 'It cannot be decoded.' };
    }
  },
  accounts({ after, limit }) {
    const all = [{ user_id: 'id1', nick: 'Ada', imported_at: started }, { user_id: 'id2', nick: 'Grace', imported_at: started }].filter((each) => each.user_id > after);
    return { accounts: all.slice(0, limit), complete: all.length <= limit };
  },
  history,
  explain,
  failures: () => ({ failures: failures.slice(0, 50) }),
  rotate_key({ overlap }) {
    keys = [{ fingerprint: randomBytes(4).toString('hex'), good_until: 0 }, ...(overlap ? [{ ...keys[0], good_until: now() + overlap }] : [])];
    return { key: randomBytes(32).toString('hex') };
  },
  sign_out: () => ({}),
};

const kPolicy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
const kTypes = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
let link = randomBytes(8).toString('hex');
const sessions = new Set();
const newSession = () => {
  const session = randomBytes(8).toString('hex');
  sessions.add(session);
  return `confab=${session}; HttpOnly; SameSite=Strict; Path=/`;
};
http
  .createServer(async (request, response) => {
    const url = new URL(request.url, 'http://x');
    const send = (status, body, headers = {}) => response.writeHead(status, { 'Content-Security-Policy': kPolicy, ...headers }).end(body);
    const json = (status, body, headers) => send(status, JSON.stringify(body), { 'Content-Type': 'application/json', ...headers });
    const session = /confab=(\w+)/.exec(request.headers.cookie ?? '')?.[1];
    let text = '';
    for await (const part of request) text += part;
    if (url.pathname === '/sign-in') {
      const isGood = url.searchParams.get('link') === link;
      if (isGood) link = '';
      return send(303, '', { Location: '/', ...(isGood ? { 'Set-Cookie': newSession() } : {}) });
    }
    if (url.pathname === '/metrics') return send(200, await (await fetch(`http://127.0.0.1:${opsPort}/metrics`)).text(), { 'Content-Type': 'text/plain' });
    if (url.pathname === '/openapi.json') return json(200, api);
    if (url.pathname === '/console/sign_in') {
      return JSON.parse(text).token === 'operator-token' ? json(200, {}, { 'Set-Cookie': newSession() }) : json(401, { error: 'This is not the operator\'s token.' });
    }
    if (url.pathname.startsWith('/console/')) {
      if (!sessions.has(session)) return json(401, { error: 'Sign in first.' });
      if (url.pathname.endsWith('sign_out')) sessions.delete(session);
      try {
        return json(200, await calls[url.pathname.slice(9)](JSON.parse(text)));
      } catch (error) {
        return json(500, { error: String(error) });
      }
    }
    try {
      const name = url.pathname === '/' ? '/index.html' : url.pathname;
      send(200, readFileSync(join(dist, name)), { 'Content-Type': kTypes[extname(name)] ?? 'application/octet-stream' });
    } catch {
      send(404, 'not found');
    }
  })
  .listen(port, '127.0.0.1', () => console.log(`console: http://127.0.0.1:${port}/sign-in?link=${link}`));
