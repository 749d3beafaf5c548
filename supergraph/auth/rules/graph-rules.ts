// Owns which rule each field of a graph has: its own, its type's, those of what it gives and of what it is made from.
import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  type FieldNode,
  Kind,
  type NamedTypeNode,
  parse,
  type SelectionSetNode,
  type TypeNode,
  valueFromASTUntyped,
} from 'graphql';
import { linkedNames } from '../../foundation/linked-names.ts';
import { stringArgument } from '../../foundation/supergraph-facts.ts';
import { allOf, type FieldRule, isNoRule } from './field-rule.ts';

interface TypeFacts {
  directives: ConstDirectiveNode[];
  interfaces: string[];
  fields: Map<string, FieldDefinitionNode>;
}

export interface GraphRulesOptions {
  /** The supergraph, hidden elements included. */
  document: DocumentNode;
  readDirectives: (directives: readonly ConstDirectiveNode[] | undefined, coordinate: string) => FieldRule;
  /** What a BFF demands of a field beside that. */
  permission: (type: string, field: string) => FieldRule;
}

/**
 * The rule of a field of a type, or `noRule`. It is that of the field, of its type, of the type that the field gives, and
 * of every field it is made from (`@requires`, `@fromContext`): whoever sees what was worked out from a value learns
 * something about the value. What a BFF demands of an interface's field it demands of its members' too.
 */
export class GraphRules {
  private readonly types = new Map<string, TypeFacts>();
  /** Types by the name of a context that they set. */
  private readonly contexts = new Map<string, string[]>();
  private readonly known = new Map<string, FieldRule>();
  private readonly knownTypes = new Map<string, FieldRule>();
  private readonly options: GraphRulesOptions;

  constructor(options: GraphRulesOptions) {
    this.options = options;
    const contextNames = linkedNames(options.document, 'context');
    for (const definition of options.document.definitions) {
      if (!('name' in definition) || !definition.name || !('directives' in definition)) continue;
      if (definition.kind === Kind.DIRECTIVE_DEFINITION) continue;
      const type = this.typeOf(definition.name.value);
      type.directives.push(...((definition.directives ?? []) as readonly ConstDirectiveNode[]));
      if ('interfaces' in definition)
        type.interfaces.push(...(definition.interfaces ?? []).map(({ name }) => name.value));
      if ('fields' in definition) {
        for (const field of definition.fields ?? [])
          if (field.kind === Kind.FIELD_DEFINITION) type.fields.set(field.name.value, field);
      }
    }
    for (const [name, { directives }] of this.types) {
      for (const directive of directives) {
        const context = contextNames.has(directive.name.value) && stringArgument(directive, 'name');
        if (context) this.contexts.set(context, [...(this.contexts.get(context) ?? []), name]);
      }
    }
  }

  rule(type: string, field: string): FieldRule {
    return this.ruleOf(type, field, new Set());
  }

  // `within` are the fields whose rules are being put together: what is made from itself needs no more than itself.
  private ruleOf(type: string, field: string, within: ReadonlySet<string>): FieldRule {
    const coordinate = `${type}.${field}`;
    const known = this.known.get(coordinate);
    if (known !== undefined) return known;
    const definition = this.types.get(type)?.fields.get(field);
    const { readDirectives, permission } = this.options;
    const inside = new Set([...within, coordinate]);
    const parts = [
      permission(type, field),
      this.ruleOfType(type),
      ...this.interfacesOf(type).flatMap((one) => [
        permission(one, field),
        ...this.ownOfInterface(one, field),
      ]),
      // Where a subgraph knows an interface as an object, it is the interface's field that says what it is made from.
      ...this.interfacesOf(type).flatMap((one) => {
        const inherited = this.types.get(one)?.fields.get(field);
        return inherited ? this.rulesOfSources(type, inherited, inside) : [];
      }),
      ...(definition
        ? [
            readDirectives(definition.directives, coordinate),
            this.ruleOfType(namedType(definition.type)),
            ...this.rulesOfSources(type, definition, inside),
          ]
        : []),
    ];
    const rule = allOf(parts.filter((part) => !isNoRule(part)));
    // Within a circle not all of it is known yet.
    if (within.size === 0) this.known.set(coordinate, rule);
    return rule;
  }

  private ruleOfType(type: string): FieldRule {
    const known =
      this.knownTypes.get(type) ?? this.options.readDirectives(this.types.get(type)?.directives, type);
    this.knownTypes.set(type, known);
    return known;
  }

  /**
   * What directives of an interface demand of its members. Composition writes there what members demand, which need not
   * hold for the others; it once let people write there too, and that is known by no member demanding the like.
   */
  private ownOfInterface(name: string, field: string): FieldRule[] {
    const members = [...this.types].filter(([, { interfaces }]) => interfaces.includes(name));
    const ofField = ({ fields }: TypeFacts, coordinate: string) =>
      this.options.readDirectives(fields.get(field)?.directives, coordinate);
    return [
      unlikeAny(
        this.ruleOfType(name),
        members.map(([member]) => this.ruleOfType(member)),
      ),
      unlikeAny(
        ofField(this.typeOf(name), `${name}.${field}`),
        members.map(([member, facts]) => ofField(facts, `${member}.${field}`)),
      ),
    ];
  }

  private interfacesOf(type: string): string[] {
    return this.types.get(type)?.interfaces ?? [];
  }

  private rulesOfSources(
    type: string,
    { directives = [] }: FieldDefinitionNode,
    within: ReadonlySet<string>,
  ): FieldRule[] {
    const rules: FieldRule[] = [];
    for (const directive of directives) {
      if (directive.name.value !== 'join__field') continue;
      const requires = stringArgument(directive, 'requires');
      if (requires !== undefined) rules.push(...this.rulesOfSelection(type, selectionIn(requires), within));
      for (const { context, selection } of contextArguments(directive)) {
        for (const setter of this.contexts.get(context) ?? []) {
          rules.push(...this.rulesOfSelection(setter, selectionIn(selection), within));
        }
      }
    }
    return rules;
  }

  private rulesOfSelection(
    type: string,
    { selections }: SelectionSetNode,
    within: ReadonlySet<string>,
  ): FieldRule[] {
    return selections.flatMap((selection) => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const condition = selection.typeCondition?.name.value ?? type;
        return this.rulesOfSelection(condition, selection.selectionSet, within);
      }
      return this.rulesOfSource(type, selection, within);
    });
  }

  private rulesOfSource(type: string, node: FieldNode, within: ReadonlySet<string>): FieldRule[] {
    const name = node.name.value;
    const definition = this.types.get(type)?.fields.get(name);
    const rules = this.possibleTypes(type)
      .filter((one) => !within.has(`${one}.${name}`))
      .map((one) => withArguments(this.ruleOf(one, name, within), node));
    if (definition === undefined || node.selectionSet === undefined) return rules;
    return [...rules, ...this.rulesOfSelection(namedType(definition.type), node.selectionSet, within)];
  }

  private possibleTypes(type: string): string[] {
    const implementing = [...this.types].filter(([, { interfaces }]) => interfaces.includes(type));
    return [type, ...implementing.map(([name]) => name)];
  }

  private typeOf(name: string): TypeFacts {
    const type = this.types.get(name) ?? { directives: [], interfaces: [], fields: new Map() };
    this.types.set(name, type);
    return type;
  }
}

/** What of a rule has nothing of its kind in the others. */
function unlikeAny({ signedIn, scopes, asked, clients }: FieldRule, others: readonly FieldRule[]): FieldRule {
  return {
    signedIn: signedIn && !others.some((other) => other.signedIn),
    scopes: others.some((other) => other.scopes.length > 0) ? [] : scopes,
    asked: others.some((other) => other.asked.length > 0) ? [] : asked,
    clients: others.some((other) => other.clients.length > 0) ? [] : clients,
  };
}

function selectionIn(text: string): SelectionSetNode {
  const [definition] = parse(text.trim().startsWith('{') ? text : `{${text}}`, {
    noLocation: true,
  }).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return { kind: Kind.SELECTION_SET, selections: [] };
  return definition.selectionSet;
}

function contextArguments(directive: ConstDirectiveNode): { context: string; selection: string }[] {
  const value = directive.arguments?.find(({ name }) => name.value === 'contextArguments')?.value;
  const given: unknown = value && valueFromASTUntyped(value);
  return Array.isArray(given) ? given : [];
}

/** The arguments stand in the schema, and not in the client's operation. */
function withArguments(rule: FieldRule, node: FieldNode): FieldRule {
  if (rule.asked.length === 0) return rule;
  const args = Object.fromEntries(
    (node.arguments ?? []).map(({ name, value }) => [name.value, valueFromASTUntyped(value)]),
  );
  return { ...rule, asked: rule.asked.map((asked) => ({ args, ...asked })) };
}

function namedType(type: TypeNode): string {
  let inner = type;
  while (inner.kind !== Kind.NAMED_TYPE) inner = inner.type;
  return (inner as NamedTypeNode).name.value;
}
