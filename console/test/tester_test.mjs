// The API tester in a real browser, against a server with the demo's data.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { promisify } from 'node:util';
import {
  answerOf,
  expectContrast,
  kAdmin,
  kApp,
  kRestUrl,
  open,
  screenshot,
  useBrowser,
} from './browser_support.mjs';

const { signedIn } = useBrowser();

test('A deep link opens the command with its sample, and the call answers OK', () =>
  signedIn({}, async (page) => {
    await open(page, '#/v4/recentcontact/delete');
    const body = JSON.parse(await page.getByLabel('JSON', { exact: true }).inputValue());
    assert.deepEqual(body, { From_Account: 'id1', Type: 1, To_Account: 'id2', ClearRamble: 1 });
    assert.equal(await page.getByLabel('Identifier').inputValue(), kAdmin);
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await answerOf(page).locator('.status-good').waitFor();
    assert.match(await answerOf(page).innerText(), /"ErrorCode": 0/);
    assert.match(await answerOf(page).innerText(), /\d (µs|ms|s)\b/);
  }));

test('A wrong field is answered with its code, what it means and what to do', () =>
  signedIn({}, async (page) => {
    await open(page, '#/v4/recentcontact/delete');
    await page.getByLabel('Type', { exact: false }).first().fill('3');
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    const notice = answerOf(page).locator('.notice-bad');
    await notice.waitFor();
    assert.match(await notice.innerText(), /50002: request parameter invalid/);
    assert.match(await notice.innerText(), /What to do: \w+/);
    await expectContrast(page);
    await screenshot(page, 'refused_desktop');
  }));

test('Form and JSON are two views of one body', () =>
  signedIn({}, async (page) => {
    await open(page, '#/v4/openim/sendmsg');
    const json = page.getByLabel('JSON', { exact: true });
    await page.locator('#field-To_Account').fill('id9');
    assert.equal(JSON.parse(await json.inputValue()).To_Account, 'id9');
    await page.locator('#field-MsgBody-0--MsgContent-Text').fill('from the form');
    assert.equal(JSON.parse(await json.inputValue()).MsgBody[0].MsgContent.Text, 'from the form');
    await page.getByRole('button', { name: 'Add an entry to MsgBody' }).click();
    await page.locator('#field-MsgBody-1--alternative').selectOption({ label: 'TIMFaceElem' });
    await page.locator('#field-MsgBody-1--MsgContent-Index').fill('7');
    assert.deepEqual(JSON.parse(await json.inputValue()).MsgBody[1], {
      MsgType: 'TIMFaceElem',
      MsgContent: { Index: 7 },
    });
    await page.locator('#field-MsgBody-1--alternative').selectOption({ label: 'TIMLocationElem' });
    await page.locator('#field-MsgBody-1--MsgContent-Latitude').fill('');
    await page.locator('#field-MsgBody-1--MsgContent-Latitude').pressSequentially('-31.05');
    assert.equal(JSON.parse(await json.inputValue()).MsgBody[1].MsgContent.Latitude, -31.05);
    await json.fill('{"To_Account": "from JSON"}');
    assert.equal(await page.locator('#field-To_Account').inputValue(), 'from JSON');
    await json.fill('{"To_Account": ');
    assert.match(await page.locator('#tester-problems').innerText(), /not JSON/);
    assert.ok(await page.locator('#field-To_Account').isDisabled());
  }));

test('A body that was edited is still there after looking at something else', () =>
  signedIn({}, async (page) => {
    await open(page, '#/v4/openim/sendmsg');
    await page.locator('#field-To_Account').fill('somebody');
    await page.getByRole('link', { name: 'Live' }).click();
    await page.getByRole('heading', { name: 'Live' }).waitFor();
    await page.goBack();
    assert.equal(await page.locator('#field-To_Account').inputValue(), 'somebody');
    await page.getByRole('button', { name: 'Back to the sample' }).click();
    assert.equal(await page.locator('#field-To_Account').inputValue(), 'id2');
  }));

test('Every command has a form, and its sample keeps to its limits', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const hrefs = await page.locator('.command-list a').evaluateAll((links) => links.map((link) => link.hash));
    assert.ok(hrefs.length > 40, `${hrefs.length} commands`);
    for (const href of hrefs) {
      await page.evaluate((hash) => (location.hash = hash), href);
      await page.getByRole('heading', { name: href.slice('#/v4/'.length), exact: true }).waitFor();
      assert.match(await page.locator('#tester-problems').innerText(), /keeps to all limits/, href);
      assert.ok((await page.locator('.view .field').count()) > 0, href);
    }
  }));

test('Limits are checked while typing', () =>
  signedIn({}, async (page) => {
    await open(page, '#/v4/im_open_login_svc/account_import');
    const problems = page.locator('#tester-problems');
    assert.match(await problems.innerText(), /keeps to all limits/);
    await page.locator('#field-UserID').fill('é');
    assert.match(await problems.innerText(), /UserID: This has to match the pattern/);
    assert.equal(await page.locator('#field-UserID').getAttribute('aria-invalid'), 'true');
    await page.locator('#field-Nick').fill('é'.repeat(251));
    assert.match(await problems.innerText(), /Nick: This has 502 bytes in UTF-8; at most 500 are taken/);
    await page.locator('#field-UserID').fill('ok');
    await page.locator('#field-Nick').fill('fine');
    assert.match(await problems.innerText(), /keeps to all limits/);
    await page.getByRole('button', { name: 'Leave UserID out' }).click();
    assert.match(await problems.innerText(), /UserID: This field is required/);
  }));

test('A copied curl line works when it is pasted', () =>
  signedIn({}, async (page) => {
    await open(page, '#/v4/recentcontact/get_list');
    await page.getByRole('button', { name: 'curl' }).click();
    await page.getByText('Copied. It holds a UserSig').waitFor();
    const line = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(
      line.includes(`${kRestUrl}/v4/recentcontact/get_list?sdkappid=${kApp}&identifier=${kAdmin}&usersig=`),
      line,
    );
    const { stdout } = await promisify(execFile)('sh', ['-c', line]);
    assert.equal(JSON.parse(stdout).ActionStatus, 'OK');
    for (const language of ['Go', 'Java', 'Python', 'Node', 'PHP']) {
      await page.getByRole('button', { name: language, exact: true }).click();
      await page.getByLabel(`The call as ${language}`).waitFor();
      const program = await page.getByLabel(`The call as ${language}`).innerText();
      assert.ok(
        program.includes(`/v4/recentcontact/get_list?sdkappid=${kApp}`) && program.includes('AssistFlags'),
        program,
      );
    }
  }));

test('What was sent is kept for this tab without a UserSig, and can be sent again', () =>
  signedIn({}, async (page) => {
    await open(page, '#/v4/im_open_login_svc/account_check');
    await page.getByRole('button', { name: 'curl' }).click();
    await page.getByText('It holds a UserSig').waitFor();
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await answerOf(page).waitFor();
    await open(page, '#/v4/recentcontact/get_list');
    await page.getByRole('button', { name: 'Replay' }).first().click();
    await page.waitForURL('**/#/v4/im_open_login_svc/account_check');
    await answerOf(page).locator('.status-good').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Replay' }).count(), 2);
    const kept = await page.evaluate(() => JSON.stringify(sessionStorage) + JSON.stringify(localStorage));
    assert.match(kept, /account_check/);
    assert.doesNotMatch(kept, /usersig|eJ[\w*-]{40}/i);
  }));

test('Commands are found by words, fields and codes', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    await page.keyboard.press('/');
    await page.keyboard.type('ClearRamble');
    assert.deepEqual(await page.locator('.command-list li').allInnerTexts(), ['delete']);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'recentcontact/delete' }).waitFor();
    await page.getByLabel('Find a command').fill('no such thing');
    await page.getByText('Fewer words find more').waitFor();
  }));
