// What is stored, in a real browser: conversations, accounts, groups, keys, and the live view.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerOf,
  expectContrast,
  kAdmin,
  kApp,
  kPhone,
  makeGroup,
  makePair,
  open,
  post,
  rest,
  screenshot,
  send,
  sendToGroup,
  useBrowser,
} from './browser_support.mjs';

const { signedIn } = useBrowser();

test('A conversation is deleted with its history, and the peer has all as before', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const [one, two] = await makePair(page);
    await open(page, `#/conversations/${kApp}`);
    await page.getByLabel('Account').fill(one);
    await page.getByRole('button', { name: 'Show its conversations' }).click();
    await page.getByRole('link', { name: two }).click();
    const mine = page.getByRole('region', { name: `What ${one} sees` });
    await mine.locator('.message').nth(1).waitFor();
    assert.match(await mine.innerText(), /an answer[^]*a question/);
    assert.match(await mine.innerText(), /0 hidden/);

    await page.getByRole('link', { name: `${two}'s side` }).click();
    await page.waitForFunction(() => document.activeElement?.id === 'main');
    const theirs = page.getByRole('region', { name: `What ${two} sees` });
    await theirs.locator('.message').nth(1).waitFor();
    const before = await theirs.locator('.message-body').allInnerTexts();
    await page.getByRole('link', { name: `${one}'s side` }).click();

    await page.getByRole('button', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog');
    assert.match(await dialog.innerText(), /The messages stay readable/);
    await dialog.getByLabel(/Clear it, too/).check();
    assert.match(await dialog.innerText(), new RegExp(`gone for ${one}, for ever`));
    assert.match(await dialog.innerText(), new RegExp(`For ${two}[^]*Nothing changes`));
    await expectContrast(page);
    await screenshot(page, 'delete_dialog_desktop');
    await dialog.getByRole('button', { name: 'Delete and clear the history' }).click();
    await page.locator('.notice-good').waitFor();

    await mine.getByText('2 hidden').waitFor();
    assert.equal((await mine.locator('.hidden-message .reasons li').count()) >= 2, true);
    assert.match(await mine.locator('.hidden-message .reasons').first().innerText(), /\w+.*\b[A-Z]?\d+$/s);
    assert.match(await theirs.innerText(), /0 hidden/);
    assert.deepEqual(await theirs.locator('.message-body').allInnerTexts(), before);
    await page.getByText('The list is empty.').waitFor();
    await expectContrast(page);
    await screenshot(page, 'deleted_desktop');
  }));

test('A conversation is deleted without its history, and Escape deletes nothing', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const [one, two] = await makePair(page);
    await open(page, `#/conversations/${kApp}/${one}/with/${two}`);
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.keyboard.press('Escape');
    assert.equal(await page.getByRole('dialog').count(), 0);
    assert.equal(await page.locator('.row-link').count(), 1);
    await page.getByRole('button', { name: 'Delete…' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Delete', exact: true }).click();
    await page.getByText('The list is empty.').waitFor();
    assert.match(await page.getByRole('region', { name: `What ${one} sees` }).innerText(), /0 hidden/);
  }));

test('A long history comes page by page, also from a group', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const [one, two] = await makePair(page);
    for (let count = 1; count <= 60; count += 1) await send(page, two, one, `number ${count}`);
    await open(page, `#/conversations/${kApp}/${one}/with/${two}`);
    const rows = page.locator('.message');
    await page.getByText('50 messages so far').waitFor();
    await page.getByRole('button', { name: 'Older messages' }).click();
    await page.getByText('62 messages, newest first').waitFor();
    assert.equal(await rows.count(), 62);
    assert.match(await rows.first().innerText(), /number 60/);
    assert.match(await rows.last().innerText(), /a question/);

    const group = `group-${two}`;
    await makeGroup(page, group, one, two);
    for (let count = 1; count <= 30; count += 1) await sendToGroup(page, group, two, `number ${count}`);
    await open(page, `#/groups/${kApp}/${group}`);
    await page.getByRole('button', { name: 'Older messages' }).click();
    await page.getByText('number 1', { exact: true }).waitFor();
    assert.equal(await page.locator('.message').count(), 31); // and the notice of its making
  }));

test('The conversation of a group is deleted for one member only', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const [one, two] = await makePair(page);
    const group = `group-${one}`;
    await makeGroup(page, group, one, two);
    await sendToGroup(page, group, two, 'for both');
    await open(page, `#/conversations/${kApp}/${one}/group/${group}`);
    await page.getByRole('button', { name: 'Delete…' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel(/Clear it, too/).check();
    assert.match(await dialog.innerText(), new RegExp(`${one} stays a member of ${group}`));
    await dialog.getByRole('button', { name: 'Delete and clear the history' }).click();
    await page.locator('.notice-good').waitFor();
    await page.locator('.hidden-message', { hasText: 'for both' }).waitFor();
    await open(page, `#/conversations/${kApp}/${two}/group/${group}`);
    await page.locator('.message:not(.hidden-message)', { hasText: 'for both' }).waitFor();
    await open(page, `#/explain/${kApp}/${one}/group/${group}`);
    await page.getByRole('heading', { name: `It is not in ${one}'s list` }).waitFor();
  }));

test('A pinned conversation stands in a block of its own', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const [one, two] = await makePair(page);
    await send(page, one, 'id2', 'not pinned');
    await rest(page, 'recentcontact/mark_contact', {
      From_Account: one,
      MarkItem: [{ OptType: 3, ContactItem: { Type: 1, To_Account: two }, SetMark: [0], CustomMark: 'vip' }],
    });
    await rest(page, 'recentcontact/top', {
      From_Account: one,
      OperationType: 1,
      RecentContactItem: [{ Type: 1, To_Account: two }],
    });
    await open(page, `#/conversations/${kApp}/${one}`);
    const list = await page.getByRole('region', { name: `Conversations of ${one}` }).innerText();
    assert.match(list, new RegExp(`Pinned[^]*${two}[^]*star[^]*custom mark vip[^]*Not pinned[^]*id2`));
  }));

test('Hostile text in a message stays text', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const [one, two] = await makePair(page);
    const long = 'w'.repeat(3000);
    const texts = [
      long,
      '<img src=x onerror=alert(1)>',
      '<script>alert(2)</script>',
      'safe \u202egnp.exe',
      '{{constructor.constructor("alert(3)")()}}',
    ];
    for (const text of texts) {
      await open(page, '#/v4/openim/sendmsg');
      await page.getByLabel('JSON', { exact: true }).fill(
        JSON.stringify({
          From_Account: one,
          To_Account: two,
          MsgRandom: Math.floor(Math.random() * 2 ** 32),
          MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
          CloudCustomData: text,
        }),
      );
      await page.getByRole('button', { name: 'Send', exact: true }).click();
      await answerOf(page).locator('.status-good').waitFor();
    }
    await open(page, `#/conversations/${kApp}/${two}/with/${one}`);
    const bodies = await page.locator('.message-body').allInnerTexts();
    for (const text of texts)
      assert.ok(
        bodies.some((body) => body.includes(text.replace('\u202e', 'U+202E'))),
        text,
      );
    assert.ok(!bodies.join('').includes('\u202e'));
    assert.equal(await page.locator('main img, main script').count(), 0);
    await page.setViewportSize(kPhone.viewport);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it scrolls sideways');
  }));

test('A conversation is explained by facts and rules', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const [one, two] = await makePair(page);
    await send(page, two, one, 'and another');
    await open(page, `#/explain/${kApp}`);
    await page.getByLabel('Whose list').fill(one);
    await page.getByLabel('Peer').fill(two);
    await page.getByRole('button', { name: 'Explain', exact: true }).click();
    await page.getByRole('heading', { name: `It is in ${one}'s list` }).waitFor();
    await page.getByRole('heading', { name: `2 unread for ${one}` }).waitFor();
    assert.ok((await page.locator('.findings .rule').count()) >= 2);
    assert.ok((await page.locator('tbody tr').count()) >= 3);
    await rest(page, 'recentcontact/delete', { From_Account: one, Type: 1, To_Account: two });
    await page.reload();
    await page.getByRole('heading', { name: `It is not in ${one}'s list` }).waitFor();
    await page.getByRole('heading', { name: `0 unread for ${one}` }).waitFor();
  }));

test('Accounts are found by the beginning of their names and looked into', () =>
  signedIn({}, async (page) => {
    await open(page, `#/accounts/${kApp}`);
    await page.getByLabel('Names that begin with').fill('id2');
    await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
    await page.getByRole('link', { name: 'id2', exact: true }).click();
    await page.getByRole('heading', { name: 'id2', exact: true }).waitFor();
    await page.getByText('Grace').waitFor();
    await page.getByRole('region', { name: 'Groups of id2' }).getByRole('link', { name: /team/ }).waitFor();
    await page.getByRole('region', { name: 'Conversations of id2' }).getByRole('link', { name: /id1/ }).waitFor();
    await open(page, `#/accounts/${kApp}/nobody`);
    await page.getByText('nobody is not imported').waitFor();
  }));

test('With several apps the address and the choice go together', () =>
  signedIn({}, async (page) => {
    const other = 1400000001;
    await page.route('**/console/overview', async (route) => {
      const overview = await (await route.fetch()).json();
      await route.fulfill({
        json: { ...overview, apps: [...overview.apps, { ...overview.apps[0], sdkappid: other }] },
      });
    });
    await page.route('**/console/accounts', (route) =>
      route.request().postDataJSON().sdkappid === other
        ? route.fulfill({ json: { accounts: [{ user_id: 'elsewhere', nick: '', imported_at: 1 }], complete: true } })
        : route.continue(),
    );
    await open(page, `#/accounts/${other}`);
    await page.getByRole('link', { name: 'elsewhere' }).waitFor();
    assert.equal(await page.getByLabel('App', { exact: true }).inputValue(), String(other));
    await page.getByRole('link', { name: 'API tester' }).click();
    assert.equal(await page.getByLabel('App', { exact: true }).count(), 0);
    await page.getByRole('link', { name: 'Delete a conversation' }).click();
    assert.equal(await page.getByLabel('App', { exact: true }).inputValue(), String(other));
    await page.getByRole('link', { name: 'Accounts' }).click();
    await page.getByLabel('App', { exact: true }).selectOption(String(kApp));
    await page.getByRole('link', { name: 'id1', exact: true }).waitFor();
    await open(page, '#/accounts/7');
    await page.getByText('This server has no app 7').waitFor();
    await page.getByRole('link', { name: String(kApp) }).click();
    await page.getByRole('link', { name: 'id1', exact: true }).waitFor();
  }));

test('A group shows its profile, members and messages', () =>
  signedIn({}, async (page) => {
    await open(page, `#/groups/${kApp}`);
    await page.getByRole('link', { name: 'team' }).click();
    await page.getByText('The team', { exact: true }).waitFor();
    await page
      .getByRole('region', { name: 'Members' })
      .getByRole('link', { name: /id1.*Owner/ })
      .waitFor();
    await page.getByText('Welcome to the team.').waitFor();
    await page.getByRole('region', { name: 'Members' }).getByRole('link', { name: /id2/ }).click();
    await page.getByRole('region', { name: 'What id2 sees' }).getByText('Glad to be here.').waitFor();
    await open(page, `#/groups/${kApp}/none`);
    await page.getByRole('alert').waitFor();
  }));

test('A UserSig is made, explained, and refused for somebody else', () =>
  signedIn({}, async (page) => {
    await open(page, `#/usersig/${kApp}/id1`);
    await page.getByRole('button', { name: 'Make a UserSig' }).click();
    const usersig = await page.getByLabel('UserSig', { exact: true }).and(page.locator('pre')).innerText();
    const explainer = page.getByRole('region', { name: 'Explain one' });
    await explainer.getByLabel('UserSig').fill(usersig);
    await explainer.getByRole('button').click();
    await explainer.getByText('Valid:').waitFor();
    await explainer.getByLabel('Sent with the identifier').fill('id2');
    await explainer.getByRole('button').click();
    await explainer.getByText('Refused with 70013:').waitFor();
  }));

test('A key is replaced after a confirmation, shown once, and the former one stays for the overlap', () =>
  signedIn({}, async (page) => {
    await open(page, '#/apps');
    const keys = page.locator('.card dd code');
    const before = await keys.first().innerText();
    await page.getByRole('button', { name: 'Replace the key…' }).first().click();
    const dialog = page.getByRole('dialog');
    assert.match(await dialog.innerText(), /work for 7 days more/);
    await dialog.getByRole('button', { name: 'Cancel' }).click();
    assert.equal(await keys.first().innerText(), before);
    await page.getByRole('button', { name: 'Replace the key…' }).first().click();
    await dialog.getByRole('button', { name: 'Replace the key' }).click();
    const key = await dialog.locator('.secret code').innerText();
    assert.match(key, /^[0-9a-zA-Z]{32,}$/);
    await page.keyboard.press('Escape');
    assert.equal(await dialog.locator('.secret code').innerText(), key);
    await dialog.getByRole('button', { name: 'I have stored it' }).click();
    await page.waitForFunction((former) => document.querySelector('.card dd code')?.textContent !== former, before);
    assert.ok((await page.locator('.card').first().innerText()).includes(before));
    assert.ok(!(await page.content()).includes(key));
    assert.equal(
      (await rest(page, 'im_open_login_svc/account_check', { CheckItem: [{ UserID: 'id1' }] })).ErrorCode,
      0,
    );
  }));

test('The live view draws charts and names the last failures', () =>
  signedIn({}, async (page) => {
    await open(page, '#/live');
    await page.getByRole('img', { name: /Requests a second: all/ }).waitFor();
    await post(page, 'call', { sdkappid: kApp, identifier: kAdmin, command: 'recentcontact/get_list', body: '{}' });
    await page.getByRole('region', { name: 'Last failed requests' }).getByText('50002').first().waitFor();
    for (let count = 0; count < 20; count += 1)
      await rest(page, 'im_open_login_svc/account_check', { CheckItem: [{ UserID: 'id1' }] });
    // At least two points, and one that is not on the ground: 20 requests were seen.
    await page.waitForFunction(() => {
      const heights = [
        ...(document.querySelector('.chart-line.line-0')?.getAttribute('d') ?? '').matchAll(/[ML][\d.]+ ([\d.]+)/g),
      ];
      return heights.length >= 3 && heights.some(([, y]) => Number(y) < 79);
    });
    assert.equal(await page.locator('svg[role=img]').count(), 8);
    await page.getByRole('img', { name: /by code: 50002/ }).waitFor();
    assert.match(await page.getByRole('region', { name: 'Codes' }).innerText(), /50002/);
  }));
