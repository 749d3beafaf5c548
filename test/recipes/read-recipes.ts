// Owns reading a page of recipes as steps that can be done: files to write, lines to change, commands, questions.

export type Step =
  | { kind: 'write'; path: string; content: string }
  | { kind: 'append'; path: string; content: string }
  | { kind: 'change'; path: string; changes: Change[] }
  | Command
  | { kind: 'start'; environment: Readonly<Record<string, string>>; flags: readonly string[] }
  | { kind: 'ask'; whom: string; signedInAs: string | undefined; question: string; answer: unknown };

export interface Command {
  kind: 'run';
  command: string;
  /** What it says, as JSON or as text. */
  says: { json: unknown } | { text: string } | undefined;
  /** Whether it is to fail. */
  fails: boolean;
  /** Whether it asks what has been started. */
  isLive: boolean;
}

/** Lines that stand in a file exactly once, and what they become. */
export interface Change {
  before: string;
  after: string;
}

export interface Recipe {
  title: string;
  steps: Step[];
}

interface Block {
  language: string;
  text: string;
  /** The words before it, on one line. */
  lead: string;
}

/** Throws an Error for a block of code of which the page does not say what becomes of it: nothing on it is mere decoration. */
export function readRecipes(page: string): Recipe[] {
  return page
    .split(/^## /m)
    .slice(1)
    .map((chapter) => {
      const [title = ''] = chapter.split('\n', 1);
      // What is captured is between the parts: words, a language and a text, time after time.
      const parts = chapter.split(/^```(\w+)\n([\s\S]*?)^```$/m);
      const blocks = Array.from({ length: (parts.length - 1) / 3 }, (_, index): Block => {
        const [words = '', language = '', text = ''] = parts.slice(index * 3);
        return { language, text, lead: words.trim().replaceAll(/\s+/g, ' ') };
      });
      return { title, steps: stepsOf(blocks) };
    });
}

const asking = /Ask ([a-z][\w-]*)(?:, signed in as (\S+))?:$/;

function stepsOf(blocks: readonly Block[]): Step[] {
  let isLive = false;
  return blocks.flatMap((block, index): Step[] => {
    const { language, text, lead } = block;
    if (language === 'sh') {
      const steps = commandsOf(block, blocks[index + 1], isLive);
      isLive ||= steps.some(({ kind }) => kind === 'start');
      return steps;
    }
    const [, whom, signedInAs] = asking.exec(lead) ?? [];
    if (whom !== undefined) {
      const answer: unknown = JSON.parse(blocks[index + 1]?.text ?? '');
      return [{ kind: 'ask', whom, signedInAs, question: text, answer }];
    }
    const before = blocks[index - 1];
    if (before !== undefined && isSaid(block) && (before.language === 'sh' || asking.test(before.lead)))
      return [];
    const [, how, path] = /(In|At the end of|) ?`([\w./-]+)`:$/.exec(lead) ?? [];
    if (path === undefined) throw new Error(`What becomes of this?\n\n${text}`);
    if (how === 'At the end of') return [{ kind: 'append', path, content: `\n${text}` }];
    if (language === 'diff') return [{ kind: 'change', path, changes: text.split(/^@@\n/m).map(readChange) }];
    return [{ kind: 'write', path, content: text }];
  });
}

/** Of what stands right behind a question or a command. */
function isSaid({ language, lead }: Block): boolean {
  return lead === '' && (language === 'json' || language === 'text');
}

function commandsOf({ text, lead }: Block, next: Block | undefined, isLive: boolean): Step[] {
  const lines = text.replaceAll('\\\n', '').split('\n');
  const commands = lines.filter((line) => line !== '');
  return commands.map((command, index): Step => {
    const [, variables, flags = ''] =
      /^((?:[A-Z_]+=\S+ )*)npm start(?: --((?: --?\S+)+))?$/.exec(command) ?? [];
    if (variables !== undefined) {
      const told = [...variables.matchAll(/([A-Z_]+)=(\S+)/g)].map(([, name = '', value = '']) => [
        name,
        value,
      ]);
      return {
        kind: 'start',
        environment: Object.fromEntries(told),
        flags: flags.split(' ').filter(Boolean),
      };
    }
    const output = index === commands.length - 1 && next && isSaid(next) ? next : undefined;
    const says =
      output && (output.language === 'json' ? { json: JSON.parse(output.text) } : { text: output.text });
    return { kind: 'run', command, says, fails: /\bdoes not start\b/.test(lead), isLive };
  });
}

function readChange(lines: string): Change {
  const side = (marks: string): string =>
    lines
      .split('\n')
      .filter((line) => line !== '' && marks.includes(line.charAt(0)))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  return { before: side(' -'), after: side(' +') };
}

/** Throws an Error where the lines are not there exactly once: the page is out of date then. */
export function changed(text: string, { before, after }: Change): string {
  // Whole lines: each begins where another has ended.
  const lines = `\n${text}`;
  const start = lines.indexOf(`\n${before}`);
  if (start === -1 || lines.indexOf(`\n${before}`, start + 1) !== -1) {
    throw new Error(`These lines should be there once:\n\n${before}`);
  }
  return text.slice(0, start) + after + text.slice(start + before.length);
}
