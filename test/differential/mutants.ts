// Lists small mistakes that could be made in the engine; the oracle is only as good as its eye for each of them.

export interface Mutant {
  name: string;
  /** In which it is looked for; `shop` unless told. */
  world?: string;
  /** Below `supergraph/`. */
  file: string;
  /** Stands in the file exactly once. */
  original: string;
  mistake: string;
}

export const mutants: readonly Mutant[] = [
  {
    name: 'entities of a batch change places',
    file: 'executor/entity-fetch.ts',
    original: 'answered[index] : failure;',
    mistake: 'answered[answered.length - 1 - index] : failure;',
  },
  {
    name: 'an entity goes to the first place that asked for it only',
    file: 'executor/entity-batch.ts',
    original: '      entry.recipients.push({ target, source, without: undefined });',
    mistake: '',
  },
  {
    name: 'an entity is asked for once for each place',
    file: 'executor/entity-batch.ts',
    original: 'isWhole ? written : written.text;',
    mistake: `(isWhole ? written : written.text) + ' '.repeat(this.entries.length);`,
  },
  {
    name: 'rewrites of representations are forgotten',
    world: 'media',
    file: 'executor/write-representation.ts',
    original: 'rewrites: inputRewrites, byType',
    mistake: 'rewrites: [], byType',
  },
  {
    name: 'representations are made of fragments on other types too',
    world: 'media',
    file: 'executor/write-representation.ts',
    original: `typeof typeName === 'string' && types.matches(typeName, selection.typeCondition)`,
    mistake: 'true',
  },
  {
    name: 'requirements keep the names they have in the data',
    file: 'executor/write-representation.ts',
    original: 'selection.as ?? selection.name',
    mistake: 'selection.name',
  },
  {
    name: 'of a list only the first item is looked at',
    file: 'executor/find-targets.ts',
    original: 'index < value.length; index++',
    mistake: 'index < Math.min(value.length, 1); index++',
  },
  {
    name: 'objects of an answer are not merged with those that are there',
    world: 'travel',
    file: 'executor/merge-answer.ts',
    original: 'if (present !== value) mergeAnswer(present, value, shape, types);',
    mistake: '',
  },
  {
    name: 'a field that is asked for with two sets of arguments has one place',
    file: 'planner/canonical/canonical-operation.ts',
    original: 'isSafe && !scope.taken.has(fieldName)',
    mistake: 'isSafe',
  },
  {
    name: 'errors of subgraphs are swallowed',
    file: 'executor/mark-errors.ts',
    original: 'holder[step] = before.and(error, path.slice(depth + 1));',
    mistake: '',
  },
  {
    name: 'errors carry the names of the plan',
    file: 'executor/projection/projection-runtime.ts',
    original: 'path.push(next.responseName);',
    mistake: 'path.push(next.name);',
  },
  {
    name: 'null stays where it must not be',
    file: 'executor/projection/projection-code.ts',
    original: `mayBeNull ? constantCode('null') : 'return -1;'`,
    mistake: `constantCode('null')`,
  },
  {
    name: 'a response name selected twice is filled from the first selection',
    world: 'zoo',
    file: 'executor/projection/applicable-fields.ts',
    original: 'if (selection.selections) known.inner.push(selection.selections);',
    mistake: '',
  },
  {
    name: 'variables that are not given become null',
    file: 'executor/compile-operation.ts',
    original: 'if (value !== undefined) texts.set(canonical, JSON.stringify(value));',
    mistake: 'texts.set(canonical, JSON.stringify(value ?? null));',
  },
  {
    name: 'an operation is remembered whatever its conditions are',
    file: 'router/operation-forms.ts',
    original: `(variables[name] === true ? '1' : '0')`,
    mistake: `'0'`,
  },
  {
    name: 'fetches do not wait for those before them',
    file: 'executor/run-schedule.ts',
    original: 'after.length === 0 ? [index] : []',
    mistake: '[index]',
  },
  {
    name: 'different entities become one object',
    file: 'executor/targets.ts',
    original: 'equals.get(text);',
    mistake: 'equals.values().next().value;',
  },
  {
    name: 'requirements of one field with other arguments share one representation',
    file: 'planner/corrections/emit-variants.ts',
    original: 'splitFetch(renamed, variants)',
    mistake: '[renamed]',
  },
  {
    name: 'requirements lose their arguments',
    file: 'planner/corrections/emit-variants.ts',
    original: '...variant.arguments',
    mistake: '',
  },
  {
    name: 'keys that cannot be used come first',
    world: 'travel',
    file: 'planner/corrections/order-keys.ts',
    original: '&& !resolvable.value;',
    mistake: '&& false;',
  },
];
