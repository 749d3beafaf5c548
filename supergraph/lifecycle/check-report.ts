// Owns what `npm run check:schema` says of one BFF, a line for each change and one for each whom it breaks.
import type { ChangeFinding, Comparison } from './compare-schemas.ts';
import { clientOf, counted, others, unnamed } from './usage-report.ts';

/** Whether somebody who is known breaks. */
export function breaksSomebody({ changes, broken }: Comparison): boolean {
  return (
    broken.length > 0 || changes.some((change) => change.risk === 'breaking' && concernsSomebody(change))
  );
}

export function checkReport(bff: string, against: string, comparison: Comparison): string {
  const { changes, unlisted, broken } = comparison;
  if (changes.length === 0 && broken.length === 0) {
    const words = unlisted === 0 ? '' : `, but for descriptions (${unlisted})`;
    return `${bff}: no changes against ${against}${words}.`;
  }
  const order = ['breaks', 'careful', 'unused', 'ok'];
  const findings = changes
    .map((change) => ({ word: wordFor(change), change }))
    .sort((a, b) => order.indexOf(a.word) - order.indexOf(b.word));
  return [
    `${bff} against ${against}:`,
    ...findings.flatMap(({ word, change }) => [line(word, change.message), ...whom(change)]),
    ...broken.flatMap(({ document, message }) => [
      line('breaks', message),
      detail(`registered: ${document.name}`),
    ]),
  ].join('\n');
}

function wordFor(change: ChangeFinding): string {
  if (change.risk === 'safe') return 'ok';
  if (!concernsSomebody(change)) return 'unused';
  return change.risk === 'breaking' ? 'breaks' : 'careful';
}

function concernsSomebody({ documents, uses, others: more }: ChangeFinding): boolean {
  return documents.length > 0 || uses.length > 0 || more > 0;
}

function whom({ risk, documents, uses, others: more }: ChangeFinding): string[] {
  if (risk === 'safe') return [];
  const recorded = uses.toSorted((a, b) => b.count - a.count);
  return [
    ...new Set(documents.map(({ name }) => detail(`registered: ${name}`))),
    ...recorded.map((use) => {
      const times = `${counted(use.count)}, last on ${use.last.slice(0, 10)}`;
      return detail(`recorded: ${clientOf(use)}, ${use.operation ?? unnamed}, ${times}`);
    }),
    ...(more > 0 ? [detail(`recorded: ${others}, ${counted(more)}`)] : []),
  ];
}

function line(word: string, message: string): string {
  return `  ${word.padEnd(7)}  ${message}`;
}

function detail(text: string): string {
  return `           ${text}`;
}
