// Owns how the tests' processes read TypeScript: what was once made of a file is kept. tsx looks at every module of every
// package too, which is a third of what a small test takes; whatever is started as users start it goes on with tsx.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

const cache = fileURLToPath(new URL('../../node_modules/.cache/tributary/typescript/', import.meta.url));

// The same file is what `--import` runs and what Node's thread of hooks loads.
if (isMainThread) {
  process.setSourceMapsEnabled(true);
  register(import.meta.url);
}

/** Node's hook. Types are all that is taken away, so that a file is made for itself alone. */
export async function load(url, context, next) {
  const { protocol, pathname } = new URL(url);
  if (protocol !== 'file:' || !pathname.endsWith('.ts')) return next(url, context);
  const file = fileURLToPath(url);
  const text = readFileSync(file, 'utf8');
  // Not the folder: a source map names the file alone, and tests make copies of the engine by the dozen.
  const key = createHash('sha256')
    .update(`${process.version}\n${basename(file)}\n${text}`)
    .digest('hex');
  const made = `${cache}${key}.js`;
  return { format: 'module', source: kept(made) ?? (await make(made, file, text)), shortCircuit: true };
}

function kept(made) {
  try {
    return readFileSync(made, 'utf8');
  } catch {
    return undefined;
  }
}

async function make(made, file, text) {
  const { default: ts } = await import('typescript');
  const { outputText } = ts.transpileModule(text, {
    fileName: file,
    compilerOptions: {
      module: ts.ModuleKind.ESNext,
      target: ts.ScriptTarget.ES2023,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
      inlineSources: false,
    },
  });
  mkdirSync(cache, { recursive: true });
  // Several processes may make it at once.
  const own = `${made}-${process.pid}`;
  writeFileSync(own, outputText);
  renameSync(own, made);
  return outputText;
}
