// What the browser tests stand on: the browser, pages that watch what happens in them, and measures.
// From the environment: CONFAB_CONSOLE_URL, the unused one-time link that the server prints;
// CONFAB_REST_URL; CONFAB_CONSOLE_TOKEN, the server's console.token; CONFAB_SCREENSHOTS, a folder;
// CHROMIUM, if it is not /usr/bin/chromium. Tests make accounts of their own where they change any.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';

export const kLink = required('CONFAB_CONSOLE_URL');
export const kRestUrl = required('CONFAB_REST_URL');
export const kToken = required('CONFAB_CONSOLE_TOKEN');
export const kScreenshots = required('CONFAB_SCREENSHOTS');
export const kOrigin = new URL(kLink).origin;
export const kApp = 88888888;
export const kAdmin = 'admin';

export const kDesktop = { viewport: { width: 1280, height: 860 }, colorScheme: 'light' };
export const kPhone = { viewport: { width: 360, height: 740 }, colorScheme: 'dark', hasTouch: true };

/** One address of each page. */
export const kPages = {
  welcome: '#/',
  tester: '#/v4/recentcontact/delete',
  tester_message: '#/v4/openim/sendmsg',
  conversations: `#/conversations/${kApp}/id1`,
  conversation: `#/conversations/${kApp}/id2/with/id1`,
  explain: `#/explain/${kApp}/id2/with/id1`,
  accounts: `#/accounts/${kApp}`,
  account: `#/accounts/${kApp}/id1`,
  groups: `#/groups/${kApp}`,
  group: `#/groups/${kApp}/team`,
  apps: '#/apps',
  usersig: `#/usersig/${kApp}/id1`,
  live: '#/live',
};

let browser;
let storageState; // of a context that the one-time link has signed in

function required(name) {
  const value = process.env[name];
  assert.ok(value, `set ${name}`);
  return value;
}

function launch() {
  mkdirSync(kScreenshots, { recursive: true });
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** A browser for the tests of a file: pages of somebody who is signed in with the token, and of somebody who is not. */
export function useBrowser() {
  let browser;
  let storageState;
  before(async () => {
    browser = await launch();
    const context = await browser.newContext();
    const answer = await context.request.post(`${kOrigin}/console/sign_in`, { data: { token: kToken } });
    assert.equal(answer.status(), 200, await answer.text());
    storageState = await context.storageState();
    await context.close();
  });
  after(() => browser?.close());
  return {
    signedIn: (options, run) => withPage(browser, { storageState, ...options }, run),
    signedOut: (options, run) => withPage(browser, { allowsUnauthorized: true, ...options }, run),
  };
}

/** Where the tester shows what came back. */
export const answerOf = (page) => page.locator('section.answer');

/** Opens a page in a context of its own, and afterwards expects that nothing went wrong in it. */
async function withPage(browser, options, run) {
  const { allowsUnauthorized = false, ...contextOptions } = { ...kDesktop, ...options };
  const context = await browser.newContext(contextOptions);
  context.setDefaultTimeout(10_000);
  await context.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: kOrigin });
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type())) return;
    if (allowsUnauthorized && message.text().includes('status of 401')) return;
    trouble.push(`console: ${message.text()}`);
  });
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== kOrigin) trouble.push(`request elsewhere: ${request.url()}`);
  });
  page.on('dialog', (dialog) => {
    trouble.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  try {
    await run(page, context);
    assert.ok(!page.url().includes('usersig='), 'a UserSig stands in the address bar');
    assert.deepEqual(trouble, []);
  } finally {
    await context.close();
  }
}

export async function open(page, hash) {
  await page.goto(`${kOrigin}/${hash}`);
  await settled(page);
}

export async function settled(page) {
  await page.waitForFunction(() => document.querySelector('h1') && !document.querySelector('.loading'));
}

/** Calls the console's own interface from the page, as its scripts do. */
export async function post(page, name, request) {
  return page.evaluate(
    async ([name, request]) => {
      const answer = await fetch(`/console/${name}`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(request),
      });
      return answer.json();
    },
    [name, request],
  );
}

export async function rest(page, command, body) {
  const answer = await post(page, 'call', { sdkappid: kApp, identifier: kAdmin, command, body: JSON.stringify(body) });
  const parsed = JSON.parse(answer.body);
  assert.equal(parsed.ErrorCode, 0, `${command}: ${answer.body}`);
  return parsed;
}

let pairs = 0;

/** Two new accounts with one message each way. */
export async function makePair(page) {
  const suffix = `${Date.now().toString(36)}${(pairs += 1)}`;
  const [one, two] = [`ann-${suffix}`, `bob-${suffix}`];
  for (const UserID of [one, two])
    await rest(page, 'im_open_login_svc/account_import', { UserID, Nick: `Nick of ${UserID}` });
  await send(page, one, two, 'a question');
  await send(page, two, one, 'an answer');
  return [one, two];
}

let messages = 0;

/** Messages of one second stand in the order of their MsgSeq, so this one rises. */
export function send(page, from, to, text) {
  return rest(page, 'openim/sendmsg', {
    From_Account: from,
    To_Account: to,
    MsgSeq: (messages += 1),
    MsgRandom: Math.floor(Math.random() * 2 ** 32),
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
  });
}

export function makeGroup(page, GroupId, owner, member) {
  return rest(page, 'group_open_http_svc/create_group', {
    GroupId,
    Type: 'Public',
    Name: 'A group',
    Owner_Account: owner,
    MemberList: [{ Member_Account: member }],
  });
}

export function sendToGroup(page, GroupId, from, text) {
  return rest(page, 'group_open_http_svc/send_group_msg', {
    GroupId,
    From_Account: from,
    Random: (messages += 1),
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
  });
}

export function screenshot(page, name) {
  return page.screenshot({ path: join(kScreenshots, `${name}.png`), fullPage: true });
}

/** Every text of the page has the contrast of WCAG AA, in light and in dark. */
export async function expectContrast(page, colorSchemeAfterwards = 'light') {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme });
    const { checked, poor } = await poorContrasts(page);
    assert.ok(checked > 5, `${checked} texts`);
    assert.deepEqual(poor, [], colorScheme);
  }
  await page.emulateMedia({ colorScheme: colorSchemeAfterwards });
}

/** Texts whose contrast is below WCAG AA: "ratio text". */
function poorContrasts(page) {
  return page.evaluate(() => {
    const channels = (color) => {
      const [r = 0, g = 0, b = 0, a = 1] = (color.match(/[\d.]+/g) ?? []).map(Number);
      return { r, g, b, a };
    };
    const over = (top, below) => ({
      r: top.r * top.a + below.r * (1 - top.a),
      g: top.g * top.a + below.g * (1 - top.a),
      b: top.b * top.a + below.b * (1 - top.a),
      a: 1,
    });
    const luminance = ({ r, g, b }) => {
      const linear = [r, g, b].map((value) =>
        value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4,
      );
      return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    };
    const groundOf = (element) => {
      const layers = [];
      for (let each = element; each; each = each.parentElement)
        layers.push(channels(getComputedStyle(each).backgroundColor));
      return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
    };
    const poor = [];
    let checked = 0;
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const text = walker.currentNode.textContent.trim();
      const element = walker.currentNode.parentElement;
      if (text === '' || !element.checkVisibility() || element.closest('noscript, datalist, :disabled')) continue;
      const style = getComputedStyle(element);
      const ground = groundOf(element);
      const [light, dark] = [luminance(over(channels(style.color), ground)), luminance(ground)].sort((a, b) => b - a);
      const ratio = (light + 0.05) / (dark + 0.05);
      const size = parseFloat(style.fontSize);
      const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
      checked += 1;
      if (ratio < (isLarge ? 3 : 4.5)) poor.push(`${ratio.toFixed(2)} ${text.slice(0, 40)}`);
    }
    return { checked, poor };
  });
}
