// The sheet and the practice page as readers meet them: from the keyboard, without a script, without
// a network, on a phone, printed. `cargo xtask browser` builds the books and runs this.

import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

const books = process.env.HANDBOOK_BOOKS;
const executablePath = process.env.HANDBOOK_CHROMIUM;
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync'];
const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', ...quiet];
const FIXTURE_SHEET = 'cards/sheet.html';
const HANDBOOK_SHEET = 'handbook/09_QUICK_REFERENCE.html';

let browser;
before(async () => {
    assert.ok(books && executablePath, 'run this through `cargo xtask browser`');
    browser = await chromium.launch({ executablePath, args });
});
after(() => browser?.close());

async function open(file, options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    page.asked = [];
    page.on('request', (request) => page.asked.push(request.url()));
    page.failures = [];
    page.on('pageerror', (error) => page.failures.push(error.message));
    await page.goto(pathToFileURL(path.join(books, file)).href);
    return page;
}

const focused = (page) => page.evaluate(() => document.activeElement.outerHTML.slice(0, 300));

async function tabTo(page, wanted) {
    for (let presses = 0; presses < 100; presses += 1) {
        await page.keyboard.press('Tab');
        if ((await focused(page)).match(wanted)) return;
    }
    assert.fail(`Tab does not reach ${wanted}`);
}

// A PDF's pages, counted in its bytes.
const pagesOf = (pdf) => pdf.toString('latin1').match(/\/Type\s*\/Page[^s]/g).length;

test('the practice page works from the keyboard, and asks nobody', async () => {
    const page = await open('cards/practice.html');
    await tabTo(page, /aria-label="Timer 0:02"/);
    await page.keyboard.press('Enter');
    const first = page.locator('.handbook-timers').first();
    const pressed = first.locator('button[aria-pressed="true"]');
    assert.equal(await pressed.count(), 1);
    assert.match(await first.locator('output').textContent(), /^0:0[12]$/);
    await first.and(page.locator('[data-done]')).waitFor({ timeout: 10_000 });
    assert.equal(await first.getByRole('status').textContent(), 'Timer 0:00');
    assert.equal(await pressed.count(), 0);

    // The long one is started and stopped again.
    await tabTo(page, /aria-label="Timer 2:00"/);
    await page.keyboard.press('Space');
    assert.equal(await pressed.count(), 1);
    await page.keyboard.press('Space');
    assert.equal(await pressed.count(), 0);
    assert.equal(await first.locator('output').textContent(), '');

    const answer = page.locator('.handbook-practice details').first();
    assert.equal(await answer.locator('p').first().isVisible(), false);
    await tabTo(page, /^<summary/);
    await page.keyboard.press('Enter');
    assert.equal(await answer.locator('p').first().isVisible(), true);
    assert.deepEqual(page.asked.filter((url) => !url.startsWith('file:')), []);
    assert.deepEqual(page.failures, []);
});

test('without a script the practice page is a plain list', async () => {
    const page = await open('cards/practice.html', { javaScriptEnabled: false });
    const items = page.locator('ol.handbook-practice > li');
    assert.equal(await items.count(), 8);
    assert.equal(await page.locator('.handbook-practice button').count(), 0);
    const answer = items.first().locator('details').first();
    assert.equal(await answer.locator('p').first().isVisible(), false);
    await answer.locator('summary').focus();
    await page.keyboard.press('Enter');
    assert.equal(await answer.locator('p').first().isVisible(), true);
});

test('printed, all answers are open, and folded again afterwards', async () => {
    const page = await open('cards/practice.html');
    const closed = page.locator('.handbook-practice details:not([open])');
    const all = await closed.count();
    assert.ok(all > 5);
    await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
    assert.equal(await closed.count(), 0);
    await page.evaluate(() => window.dispatchEvent(new Event('afterprint')));
    assert.equal(await closed.count(), all);
    await page.emulateMedia({ media: 'print' });
    assert.equal(await page.locator('.handbook-timers').first().isVisible(), false);
    const bare = await open('cards/practice.html', { javaScriptEnabled: false });
    await bare.emulateMedia({ media: 'print' });
    const shown = await bare.locator('.handbook-practice details p').first().isVisible();
    assert.ok(shown, 'answers are printed without a script, too');
});

for (const sheet of [FIXTURE_SHEET, HANDBOOK_SHEET]) {
    test(`each card of ${sheet} fits a screen, and four a page`, async () => {
        const page = await open(sheet);
        const cards = page.locator('.handbook-card');
        const number = await cards.count();
        assert.ok(number > 0);
        for (const card of await cards.all()) {
            const { height } = await card.boundingBox();
            assert.ok(height <= 850, `a card is ${height} pixels high`);
            const hidden = await card.evaluate((card) => card.scrollWidth - card.clientWidth);
            assert.ok(hidden <= 1, `${hidden} pixels of a card are to the side of it`);
        }
        // Four of each card, with nothing else on the page.
        for (let index = 0; index < number; index += 1) {
            const alone = await open(sheet);
            await alone.evaluate((index) => {
                const card = document.querySelectorAll('.handbook-card')[index];
                const grid = card.closest('.handbook-sheet');
                grid.replaceChildren(...[0, 1, 2, 3].map(() => card.cloneNode(true)));
                document.querySelector('main').replaceChildren(document.querySelector('style'), grid);
            }, index);
            const margin = { top: '10mm', right: '10mm', bottom: '10mm', left: '10mm' };
            assert.equal(pagesOf(await alone.pdf({ format: 'A4', margin })), 1);
            await alone.emulateMedia({ media: 'print' });
            const points = await alone.evaluate(() => {
                const said = [...document.querySelectorAll('.handbook-card :is(p, td, li)')];
                const pixels = said.map((one) => parseFloat(getComputedStyle(one).fontSize));
                return 0.75 * Math.min(...pixels);
            });
            assert.ok(points >= 7, `${points} points are too small to read`);
            await alone.context().close();
        }
    });

    test(`${sheet} is as wide as a phone`, async () => {
        for (const colorScheme of ['light', 'dark']) {
            const page = await open(sheet, { viewport: { width: 390, height: 844 }, colorScheme });
            const width = await page.evaluate(() => document.documentElement.scrollWidth);
            assert.ok(width <= 390, `the page is ${width} pixels wide`);
        }
    });
}
