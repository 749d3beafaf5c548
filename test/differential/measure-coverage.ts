// Owns counting what a search has been through: fields and arguments of the schema, kinds of steps in plans.
import {
  type DocumentNode,
  type GraphQLSchema,
  isInterfaceType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';

const planKinds = [
  'sequence',
  'parallel',
  'fetch at the root',
  'entity fetch',
  'entities of several types',
  'list path',
  'rewrite',
  'variables in an entity fetch',
] as const;

export type PlanKind = (typeof planKinds)[number];

/** Fewer of these and the search has not looked everywhere. */
const enough = { coordinate: 20, planKind: 50 };

export class Coverage {
  readonly coordinates = new Map<string, number>();
  readonly planKinds = new Map<PlanKind, number>(planKinds.map((kind) => [kind, 0]));
  #planned = false;

  /** Counts from zero every field and argument of the schema. */
  expect(world: string, schema: GraphQLSchema): void {
    for (const type of Object.values(schema.getTypeMap())) {
      if (type.name.startsWith('__') || !(isObjectType(type) || isInterfaceType(type))) continue;
      for (const field of Object.values(type.getFields())) {
        this.coordinates.set(`${world}: ${type.name}.${field.name}`, 0);
        for (const { name } of field.args) {
          this.coordinates.set(`${world}: ${type.name}.${field.name}(${name}:)`, 0);
        }
      }
    }
  }

  met(world: string, coordinate: string): number {
    return this.coordinates.get(`${world}: ${coordinate}`) ?? 0;
  }

  operation(world: string, schema: GraphQLSchema, document: DocumentNode): void {
    const info = new TypeInfo(schema);
    const seen = new Set<string>();
    visit(
      document,
      visitWithTypeInfo(info, {
        Field({ arguments: given = [], name }) {
          const parent = info.getParentType();
          if (!parent || name.value.startsWith('__')) return;
          seen.add(`${world}: ${parent.name}.${name.value}`);
          for (const argument of given)
            seen.add(`${world}: ${parent.name}.${name.value}(${argument.name.value}:)`);
        },
      }),
    );
    for (const coordinate of seen) {
      const count = this.coordinates.get(coordinate);
      if (count !== undefined) this.coordinates.set(coordinate, count + 1);
    }
  }

  /** Plans of @apollo/gateway and our own both count. */
  plan(plan: unknown): void {
    if (plan === undefined) return;
    this.#planned = true;
    const seen = new Set<PlanKind>();
    note(plan, seen);
    for (const kind of seen) this.planKinds.set(kind, (this.planKinds.get(kind) ?? 0) + 1);
  }

  /** What was met too seldom. */
  gaps(): string[] {
    const coordinates = [...this.coordinates]
      .filter(([, count]) => count < enough.coordinate)
      .map(([coordinate, count]) => `${coordinate} ${count} times`);
    const kinds = [...this.planKinds]
      .filter(([, count]) => this.#planned && count < enough.planKind)
      .map(([kind, count]) => `${kind} in ${count} plans`);
    return [...coordinates, ...kinds];
  }
}

function note(node: unknown, seen: Set<PlanKind>): void {
  if (typeof node !== 'object' || node === null) return;
  if (Array.isArray(node)) {
    for (const item of node) note(item, seen);
    return;
  }
  const { kind, requires, path, inputRewrites, outputRewrites, variables, variableUsages } = node as Record<
    string,
    unknown
  >;
  const steps = Array.isArray(path) ? path.map(String) : [];
  const lower = typeof kind === 'string' ? kind.toLowerCase() : '';
  if (lower === 'sequence' || lower === 'parallel') seen.add(lower);
  if (lower === 'fetch') {
    seen.add(requires ? 'entity fetch' : 'fetch at the root');
    if (requires && [variables ?? variableUsages].flat().some((name) => name !== undefined)) {
      seen.add('variables in an entity fetch');
    }
    if (Array.isArray(requires) && requires.length > 1) seen.add('entities of several types');
    if ([inputRewrites, outputRewrites].flat().some((rewrite) => rewrite !== undefined)) seen.add('rewrite');
  }
  if (lower === 'fetch' || lower === 'flatten') {
    if (steps.some((step) => step.startsWith('@'))) seen.add('list path');
  }
  const { nodes, node: inner } = node as { nodes?: unknown; node?: unknown };
  note(nodes, seen);
  note(inner, seen);
}
