// Owns finding fields that declared cache rules would keep for everybody though not everybody may ask for them.
import { isInterfaceType, isObjectType } from 'graphql';
import { createFieldRules, type FieldRules, type FieldRulesOptions } from './field-rules.ts';
import type { ResolvedRule } from './resolved-rule.ts';
import { SchemaFacts } from './schema-facts.ts';

/**
 * All problems, each a sentence that names a coordinate and says what to write. What is protected is never kept for
 * everybody, whatever is declared; but whoever declares it has something else in mind than what happens, and is to know.
 */
export function checkSharedProtected(options: FieldRulesOptions): string[] {
  const { facts = new SchemaFacts(options.document) } = options;
  const check = new Check({ ...options, facts }, facts);
  return [...check.outright(), ...check.byType()];
}

class Check {
  private readonly options: FieldRulesOptions;
  private readonly facts: SchemaFacts;
  /** As if nothing were protected. */
  private readonly rules: FieldRules;
  /** Coordinates that a problem names. */
  private readonly told = new Set<string>();
  private readonly objects: readonly string[];
  private readonly interfaces: readonly string[];

  constructor(options: FieldRulesOptions, facts: SchemaFacts) {
    this.options = options;
    this.facts = facts;
    this.rules = createFieldRules({ ...options, isProtected: () => false });
    const types = Object.values(facts.schema.getTypeMap()).filter(({ name }) => !name.startsWith('__'));
    this.objects = types.filter(isObjectType).map(({ name }) => name);
    this.interfaces = types.filter(isInterfaceType).map(({ name }) => name);
  }

  /** Coordinates with a public rule, also where the schema makes it stricter: tomorrow it may not. */
  outright(): string[] {
    return [...this.objects, ...this.interfaces].flatMap((type) =>
      this.fieldsOf(type).flatMap((field) => {
        const coordinate = `${type}.${field}`;
        if (!this.isDeclaredPublic(coordinate) || !this.options.isProtected(type, field)) return [];
        this.told.add(coordinate);
        return [
          `cache.${coordinate}: is 'public', but not everybody may ask for this field: write 'never', or the scope 'viewer'.`,
        ];
      }),
    );
  }

  /** Fields that are public by the rule of their type, of an interface, or of what they are a part of. */
  byType(): string[] {
    return [
      ...this.interfaces.flatMap((type) =>
        this.fieldsOf(type).flatMap((field) => this.ofInterface(type, field)),
      ),
      ...this.objects.flatMap((type) => this.fieldsOf(type).flatMap((field) => this.ofObject(type, field))),
    ];
  }

  /** Where it is about all that an interface can be, one sentence about its field says it. */
  private ofInterface(type: string, field: string): string[] {
    const { isProtected } = this.options;
    if (!isProtected(type, field)) return [];
    const members = this.facts.possibleTypes(type);
    const [first = type] = members;
    if (members.some((one) => this.told.has(`${one}.${field}`))) return [];
    const shared = members.filter((one) => this.isPublic(this.whole(one, field)));
    const wrong = shared.filter((one) => isProtected(one, field));
    // Some of them alone: what the interface's field is given is as strict as what theirs are given.
    if (shared.length < members.length || (wrong.length > 0 && wrong.length < members.length)) return [];
    const problems = this.tell(type, field, this.publicRuleOf(first, field));
    for (const one of members) this.told.add(`${one}.${field}`);
    return problems;
  }

  private ofObject(type: string, field: string): string[] {
    const rules = this.whole(type, field);
    if (rules === undefined || !this.isPublic(rules)) return [];
    const from = this.publicRuleOf(type, field);
    if (this.options.isProtected(type, field)) return this.tell(type, field, from);
    return this.partsOf(type, field, rules, from, new Set());
  }

  /** What is given by a public field and is no entity is as public as that. */
  private partsOf(
    type: string,
    field: string,
    holders: readonly ResolvedRule[],
    from: string,
    seen: Set<string>,
  ): string[] {
    const given = this.facts.givenBy(type, field);
    if (given === undefined) return [];
    return this.facts.possibleTypes(given).flatMap((part) => {
      if (this.facts.isEntity(part) || this.facts.rootOf(part) !== undefined || seen.has(part)) return [];
      seen.add(part);
      return this.fieldsOf(part).flatMap((inner) => {
        const rules = this.rules.ofField(part, inner, 'part', holders);
        if (rules === undefined || !this.isPublic(rules)) return [];
        if (this.options.isProtected(part, inner)) return this.tell(part, inner, from);
        return this.partsOf(part, inner, rules, from, seen);
      });
    });
  }

  private tell(type: string, field: string, from: string): string[] {
    const coordinate = `${type}.${field}`;
    if (this.told.has(coordinate)) return [];
    this.told.add(coordinate);
    return [
      `cache.${from}: is 'public', but not everybody may ask for ${coordinate}: ` +
        `write '${coordinate}': 'never', or a rule for it with the scope 'viewer'.`,
    ];
  }

  private whole(type: string, field: string): ResolvedRule[] | undefined {
    return this.rules.ofField(type, field, 'entity');
  }

  private isPublic(rules: readonly ResolvedRule[] | undefined): boolean {
    return rules?.some(({ scope }) => scope === 'public') ?? false;
  }

  private publicRuleOf(type: string, field: string): string {
    const speaking = [type, ...this.facts.interfacesOf(type)];
    const names = speaking.flatMap((one) => [`${one}.${field}`, one]);
    return names.find((name) => this.isDeclaredPublic(name)) ?? type;
  }

  private isDeclaredPublic(name: string): boolean {
    const { cache } = this.options;
    const rule = Object.hasOwn(cache, name) ? cache[name] : undefined;
    return typeof rule === 'object' && rule.scope === 'public';
  }

  private fieldsOf(type: string): string[] {
    const found = this.facts.schema.getType(type);
    return isObjectType(found) || isInterfaceType(found) ? Object.keys(found.getFields()) : [];
  }
}
