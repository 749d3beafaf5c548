// Does what docs/recipes.md says, block by block, in a copy of the repository, and asks what came of it.
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { root } from '../architecture/source-files.ts';
import { copyRepository, type RepositoryCopy } from '../support/repository-copy.ts';
import { ask, freePort, startTributary, type Tributary } from '../support/tributary.ts';
import { type Command, changed, readRecipes, type Step } from './read-recipes.ts';

const recipes = readRecipes(await readFile(join(root, 'docs/recipes.md'), 'utf8'));

test('the page has recipes, and each of them ends with a question', () => {
  assert.deepEqual(
    recipes.map(({ title }) => title),
    [
      'Add a subgraph',
      'Add a BFF',
      'Add a permission',
      "Keep a type's answers",
      'Add a view field',
      'Give a partner a plan',
      'Give a field a fallback',
    ],
  );
  for (const { steps } of recipes) assert.equal(steps.at(-1)?.kind, 'ask');
});

test('a block of which nothing becomes is refused, and so is a change of lines that are not there once', () => {
  const page = (words: string) => `## One\n\n${words}\n\n\`\`\`ts\nlet x;\n\`\`\`\n`;
  assert.throws(() => readRecipes(page('For example:')), /What becomes of this\?\n\nlet x;/);
  assert.deepEqual(readRecipes(page('It is a file. `a/b.ts`:')), [
    { title: 'One', steps: [{ kind: 'write', path: 'a/b.ts', content: 'let x;\n' }] },
  ]);
  assert.equal(changed('a\nb\nc\n', { before: 'b\n', after: 'x\ny\n' }), 'a\nx\ny\nc\n');
  for (const text of ['a\n', 'b\nb\n', 'ab\n'])
    assert.throws(() => changed(text, { before: 'b\n', after: '' }), /should be there once/, text);
});

describe('the recipes, one after the other', { timeout: 290_000 }, () => {
  let copy: RepositoryCopy;
  let tributary: Tributary | undefined;
  /** How far all ports are from those on the page. */
  let distance = 0;
  before(async () => {
    copy = await copyRepository();
  });
  after(async () => {
    await tributary?.signalAll('SIGTERM');
    await copy?.remove();
  });

  for (const { title, steps } of recipes) {
    test(`${title}: every file can be written, and every command runs`, async () => {
      for (const step of steps) await doStep(step);
    });
  }

  test('what they leave is as the linter wants it', async () => {
    const steps = recipes.flatMap((recipe) => recipe.steps);
    const paths = new Set(steps.flatMap((step) => ('path' in step ? [step.path] : [])));
    const { code, output } = await copy.run(`npx biome check ${[...paths].join(' ')}`);
    assert.equal(code, 0, output);
  });

  test('what they make starts together, with whom they added', async () => {
    const { layout }: typeof import('../../deploy/parts.ts') = await import(
      join(copy.folder, 'deploy/parts.ts')
    );
    const started = recipes.flatMap(({ steps }) => steps.filter((step) => step.kind === 'start'));
    const told = Object.assign({}, ...started.map((step) => step.environment)) as Record<string, string>;
    const adminPort = Number(told['ADMIN_PORT']);
    const port = await freePort((options) => {
      const parts = layout(options);
      const admin = parts.bffs.map((part, index) => {
        const url = `http://127.0.0.1:${adminPort + index + (options.port ?? 4000) - 4000}`;
        return { ...part, serves: [{ name: `the admin port of ${part.name}`, url }] };
      });
      return { ...parts, bffs: [...parts.bffs, ...admin] };
    });
    distance = port - 4000;
    const environment = { ...told, PLAN_FOLDER: '', ADMIN_PORT: String(adminPort + distance) };
    tributary = startTributary({
      port,
      folder: copy.folder,
      dataDir: join(copy.folder, '.data'),
      environment,
      flags: [...new Set(started.flatMap(({ flags }) => flags))],
    });
    await tributary.ready;
  });

  for (const { title, steps } of recipes) {
    test(`${title}: its questions are answered as the page says`, async () => {
      for (const step of steps) {
        if (step.kind === 'run' && step.isLive) await run(step);
        if (step.kind !== 'ask') continue;
        const { whom, question, answer, signedInAs } = step;
        const base = baseOf(whom);
        const token = signedInAs === undefined ? undefined : await tokenOf(signedInAs);
        const { body } = await ask(base, question, token === undefined ? {} : { token });
        assert.deepEqual(body, answer, question);
      }
    });
  }

  async function doStep(step: Step): Promise<void> {
    if (step.kind === 'ask' || step.kind === 'start') return;
    if (step.kind === 'run') return step.isLive ? undefined : run(step);
    const path = join(copy.folder, step.path);
    if (step.kind === 'write') {
      await mkdir(dirname(path), { recursive: true });
      return writeFile(path, step.content);
    }
    const text = await readFile(path, 'utf8');
    if (step.kind === 'append') return writeFile(path, `${text}${step.content}`);
    return writeFile(path, step.changes.reduce(changed, text));
  }

  async function run({ command, says, fails }: Command): Promise<void> {
    const moved = command.replaceAll(
      /(localhost|127\.0\.0\.1):(4\d{3})\b/g,
      (_, host, port) => `${host}:${Number(port) + distance}`,
    );
    const { code, output } = await copy.run(withPids(moved));
    assert.equal(code, fails ? 1 : 0, `${command}\n${output}`);
    if (says === undefined) return;
    if ('json' in says)
      assert.deepEqual(withoutSeconds(JSON.parse(output)), withoutSeconds(says.json), command);
    else assert.ok(withoutNumbers(output).includes(withoutNumbers(says.text)), `${command}\n${output}`);
  }

  function withPids(command: string): string {
    return command.replaceAll(/<pid of ([\w-]+)>/g, (_, whom) => {
      const pid = new RegExp(`^ +${whom} +\\S+ +pid (\\d+)$`, 'm').exec(tributary?.output() ?? '')?.[1];
      assert.ok(pid, `npm start says no pid of ${whom}`);
      return pid;
    });
  }

  /** As `npm start` has said it. */
  function baseOf(whom: string): string {
    const address = new RegExp(`^ +${whom} +(http://\\S+)/graphql `, 'm').exec(
      tributary?.output() ?? '',
    )?.[1];
    assert.ok(address, `npm start says nothing of ${whom}`);
    return address;
  }

  async function tokenOf(email: string): Promise<string> {
    const signIn = 'mutation ($input: SignInInput!) { signIn(input: $input) { token } }';
    const variables = { input: { email, password: 'tributary-demo' } };
    const { body } = await ask(baseOf('bff-web'), signIn, { variables });
    const payload = body.data?.['signIn'] as { token: string } | undefined;
    assert.ok(payload, JSON.stringify(body));
    return payload.token;
  }
});

/** How old something is, and how long it is good for, is different each time. */
function withoutSeconds(answer: unknown): unknown {
  const isTime = (key: string, value: unknown) =>
    ['age', 'maxAge'].includes(key) && Number.isInteger(value) && Number(value) >= 0;
  return JSON.parse(JSON.stringify(answer, (key, value) => (isTime(key, value) ? 'seconds' : value)));
}

/** Others have asked before. */
function withoutNumbers(text: string): string {
  return text.replaceAll(/\d+/g, '#');
}
