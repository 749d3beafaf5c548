// Owns how long and how deep the values are that are written in an operation.
import type { ArgumentNode, ValueNode } from 'graphql';

export class WrittenValues {
  /** Of the longest list. */
  listItems = 0;
  /** Objects and lists within each other. */
  depth = 0;

  addArguments(given: readonly ArgumentNode[] = []): void {
    for (const { value } of given) this.add(value);
  }

  /** It is no deeper than the brackets of its text, which are bounded before it is parsed. */
  add(value: ValueNode, around = 0): void {
    if (value.kind !== 'ListValue' && value.kind !== 'ObjectValue') return;
    this.depth = Math.max(this.depth, around + 1);
    if (value.kind === 'ListValue') {
      this.listItems = Math.max(this.listItems, value.values.length);
      for (const item of value.values) this.add(item, around + 1);
    } else for (const field of value.fields) this.add(field.value, around + 1);
  }
}
