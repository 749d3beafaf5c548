// Owns the templates of scaffolds: files in `templates/`, filled with names.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const templates = new URL('templates/', import.meta.url);
const ending = '.template';

/**
 * Content by path below `target`, of every file in a folder of templates. `{{word}}` stands for a word, in names of files
 * too; one that is not among the words is a mistake of the template, and throws.
 */
export async function fillTemplates(
  folder: string,
  target: string,
  words: Readonly<Record<string, string>>,
): Promise<Map<string, string>> {
  const root = new URL(`${folder}/`, templates);
  const paths = await readdir(root, { recursive: true });
  const files = paths.filter((path) => path.endsWith(ending)).sort();
  const filled = files.map(async (path): Promise<[string, string]> => {
    const text = await readFile(new URL(path.split('\\').join('/'), root), 'utf8');
    return [join(target, fill(path.slice(0, -ending.length), words)), fill(text, words)];
  });
  return new Map(await Promise.all(filled));
}

function fill(text: string, words: Readonly<Record<string, string>>): string {
  return text.replaceAll(/\{\{([\w ]+)\}\}/g, (_, word: string) => {
    const value = words[word];
    if (value === undefined) throw new Error(`A template speaks of {{${word}}}, which nobody knows.`);
    return value;
  });
}
