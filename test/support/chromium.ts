// Owns a real headless Chromium for tests: found on this machine, started with an empty profile.
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { chromium, type Page } from 'playwright-core';

export interface TestBrowser {
  page: Page;
  stop: () => Promise<void>;
}

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** From CHROMIUM_PATH or the usual places; undefined when there is none. */
export function chromiumBinary(): string | undefined {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), '/usr/bin'];
  const names = ['chromium', 'chromium-browser', 'google-chrome'];
  const places = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [process.env['CHROMIUM_PATH'], ...places].find((path) => path !== undefined && existsSync(path));
}

/** Throws when Chromium is not installed. Whatever a page waits for ends after 30 s. */
export async function startTestBrowser(): Promise<TestBrowser> {
  const executablePath = chromiumBinary();
  if (executablePath === undefined) throw new Error('Chromium is not installed.');
  const profile = await mkdtemp(join(tmpdir(), 'chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath,
    headless: true,
    args: flags,
    timeout: 60_000,
  });
  context.setDefaultTimeout(30_000);
  return {
    page: await context.newPage(),
    async stop() {
      await context.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
