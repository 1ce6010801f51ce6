// What the tests stand on: the page's server, the agents, the browser, and what is kept of a failure.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { build, preview } from 'vite';

const KEPT = `${import.meta.dirname}/../../target/browser/failures`;
const CONFIG = { configFile: `${import.meta.dirname}/vite.config.js` };
// The machine may be slow and loaded. Nothing is waited for any longer than it takes.
const PATIENCE = 60_000;

let browser, pages;
before(async () => {
  await rm(KEPT, { recursive: true, force: true });
  await build(CONFIG);
  pages = await preview({ ...CONFIG, preview: { host: '127.0.0.1', port: 0 } });
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync'],
  });
});
after(async () => {
  await browser?.close();
  await pages?.close();
});

/** The example `dojo`, for all tests of a suite. Returns what tells its address. */
export function dojo(...options) {
  let server, url;
  before(async () => {
    // Without a key it is the scripted model that speaks.
    const env = { ...process.env, OPENAI_API_KEY: undefined };
    server = spawn(process.env.DOJO, ['--port', '0', ...options], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    for await (const line of createInterface({ input: server.stdout })) {
      url = line.match(/http:\/\/[\d.:]+/)?.[0];
      if (url) break;
    }
    assert.ok(url, `${process.env.DOJO} says where it listens`);
  });
  after(() => server?.kill());
  return Object.assign(() => url, { options: options.join(' ') });
}

/**
 * A test with a page of its own, which fails with the first error in the page's console, and with the first request
 * that goes anywhere but to this machine. A picture of the page and its console are kept then.
 */
export function check(name, feature, server, body) {
  test(name, { timeout: 3 * PATIENCE }, async () => {
    const context = await browser.newContext({ viewport: { width: 900, height: 900 } });
    context.setDefaultTimeout(PATIENCE);
    const page = await context.newPage();
    const { log, wrong, went } = watched(page);
    await context.route((url) => url.hostname !== '127.0.0.1', (route) => {
      went(`asks for ${route.request().url()}`);
      return route.abort();
    });
    try {
      await page.goto(`${pages.resolvedUrls.local[0]}?feature=${feature}&server=${server()}`);
      // What the console was told in the meantime arrives before the answer to an empty question.
      const done = body(new Chat(page), page).then(() => page.evaluate('0'));
      done.catch(() => {}); // It breaks off when the page is closed below.
      await Promise.race([done, wrong]);
    } catch (error) {
      await mkdir(KEPT, { recursive: true });
      const kept = `${KEPT}/${`${name} ${server.options}`.trim().replace(/\W+/g, '-')}`;
      await page.screenshot({ path: `${kept}.png`, fullPage: true }).catch((error) => log.push(`no picture: ${error}`));
      await writeFile(`${kept}.log`, log.join('\n'));
      console.error(`${name}: see ${kept}.png and .log`);
      throw error;
    } finally {
      await context.close();
    }
  });
}

/** What a page writes to its console, and a promise that is broken once that is an error. */
function watched(page) {
  const log = [];
  let went;
  const wrong = new Promise((_, reject) => {
    went = (what) => {
      log.push(what);
      reject(new Error(`the page ${what}`));
    };
  });
  wrong.catch(() => {}); // Also where nobody waits for it any more.
  page.on('console', (message) => {
    if (message.type() === 'error') went(`complains: ${message.text()}`);
    else log.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => went(`fails: ${error.stack ?? error}`));
  page.on('response', (response) => {
    if (response.status() >= 400) went(`is answered ${response.status()} by ${response.url()}`);
  });
  return { log, wrong, went };
}

/** The chat of a page, as its user has it. */
class Chat {
  // Those of react-core, and those of react-ui.
  ANSWER = '[data-testid=copilot-assistant-message], .copilotKitAssistantMessage';

  constructor(page) {
    this.page = page;
    this.input = page.locator('textarea');
    this.answers = page.locator(this.ANSWER);
  }

  async say(text) {
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** Waits for an answer that contains a text. */
  async hears(text) {
    await this.answers.filter({ hasText: text }).last().waitFor();
  }

  /** Waits until a part of the page contains a text. */
  async shows(part, text) {
    await this.page.getByTestId(part).filter({ hasText: text }).waitFor();
  }
}

/** Watches a text of a page. Returns what tells the lengths that it had. */
export async function lengths(page, selector) {
  await page.evaluate((selector) => {
    window.seen = new Set();
    const look = () => {
      for (const { textContent } of document.querySelectorAll(selector)) seen.add(textContent.length);
    };
    new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  }, selector);
  return () => page.evaluate(() => [...seen]);
}

/** Has the page get its answers at a kilobyte a second, so that there is time to stop one. */
export async function slowly(page) {
  const devtools = await page.context().newCDPSession(page);
  const unlimited = { offline: false, latency: 0, uploadThroughput: -1 };
  await devtools.send('Network.emulateNetworkConditions', { ...unlimited, downloadThroughput: 1024 });
}
