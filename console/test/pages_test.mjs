// Signing in, the keyboard and the look of every page, in a real browser.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  answerOf,
  expectContrast,
  kApp,
  kDesktop,
  kLink,
  kPages,
  kPhone,
  kToken,
  open,
  screenshot,
  settled,
  useBrowser,
} from './browser_support.mjs';

const { signedIn, signedOut } = useBrowser();

test('Without signing in every page is the sign-in page', () =>
  signedOut({}, async (page) => {
    for (const hash of Object.values(kPages)) {
      await open(page, hash);
      assert.equal(await page.getByLabel("The operator's token").count(), 1, hash);
      assert.equal(await page.locator('.top, table, .rows').count(), 0, hash);
    }
  }));

test('The one-time link signs in once', async () => {
  await signedOut({}, async (page) => {
    await page.goto(kLink);
    await page.getByRole('heading', { name: 'API tester' }).waitFor();
  });
  await signedOut({}, async (page) => {
    await page.goto(kLink);
    await page.getByLabel("The operator's token").waitFor();
    assert.match(await page.getByRole('alert').innerText(), /used already/);
  });
});

test('Whoever is signed in and opens the used link again stays signed in', () =>
  signedIn({}, async (page) => {
    await page.goto(kLink);
    await page.getByRole('heading', { name: 'API tester' }).waitFor();
  }));

test('A wrong token is refused in words', () =>
  signedOut({}, async (page) => {
    await open(page, kPages.apps);
    await page.getByLabel("The operator's token").fill('wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').waitFor();
    assert.match(await page.getByRole('alert').innerText(), /\w+ \w+/);
  }));

test('A session that ends while a page is open leads to the sign-in page, and the address stays', () =>
  signedIn({ allowsUnauthorized: true }, async (page, context) => {
    await open(page, kPages.accounts);
    await context.clearCookies();
    await page.getByRole('link', { name: 'id1', exact: true }).click();
    await page.getByLabel("The operator's token").waitFor();
    assert.ok(page.url().endsWith(`#/accounts/${kApp}/id1`));
  }));

test('With the keyboard alone one sees the focus, finds a command and sends it', () =>
  signedIn({}, async (page) => {
    await open(page, '#/apps');
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip');
    for (let tabs = 0; tabs < 3; tabs += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Shift+Tab');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle);
    assert.equal(outline, 'solid');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'API tester' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('get_list');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'recentcontact/get_list' }).waitFor();
    await page.locator('#field-From_Account').focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.equal(await page.getByText('Sent from this tab').count(), 0, 'Enter alone has sent it');
    await page.keyboard.press('Control+Enter');
    await answerOf(page).locator('.status-good').waitFor();
  }));

test('The switch of colours wins over the system', () =>
  signedIn({}, async (page) => {
    await open(page, '#/');
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await ground();
    await page.getByLabel('Colours').selectOption('dark');
    assert.notEqual(await ground(), light);
    await page.reload();
    await settled(page);
    assert.notEqual(await ground(), light);
  }));

test('With the token one signs in by keyboard, comes to the page that was asked for, and signs out', () =>
  signedOut({}, async (page) => {
    await open(page, '#/v4/recentcontact/get_list');
    await page.keyboard.type(kToken);
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'recentcontact/get_list' }).waitFor();
    await page.keyboard.press('Control+Enter');
    await answerOf(page).locator('.status-good').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel("The operator's token").waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.getItem('confab.calls')), '[]');
    await page.reload();
    await page.getByLabel("The operator's token").waitFor();
  }));

test('A cold start takes few and small files', () =>
  signedIn({}, async (page) => {
    const files = [];
    page.on('response', (response) => files.push(response));
    await open(page, '#/v4/recentcontact/delete');
    const sizes = await Promise.all(
      files.filter((file) => !/console|openapi/.test(new URL(file.url()).pathname)).map(async (file) => (await file.body()).length),
    );
    assert.ok(sizes.length >= 3 && sizes.length <= 5, `${sizes.length} files`);
    assert.ok(sizes.reduce((sum, size) => sum + size, 0) < 150_000, `${sizes}`);
  }));

/** The live view has asked so many times. */
async function polled(page, times) {
  for (let i = 0; i < times; i += 1) await page.waitForResponse((response) => response.url().endsWith('/metrics'));
}

for (const [device, options] of Object.entries({ desktop: kDesktop, phone: kPhone })) {
  for (const [name, hash] of Object.entries({ ...kPages, sign_in: '#/' })) {
    const visit = name === 'sign_in' ? signedOut : signedIn;
    test(`${name} on a ${device}: contrast, width, a picture`, () =>
      visit(options, async (page) => {
        await open(page, hash);
        if (name === 'live') await polled(page, 3);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'it scrolls sideways');
        await expectContrast(page, options.colorScheme);
        await screenshot(page, `${name}_${device}`);
      }));
  }
}
