// Owns what a rule of a field is made of, and what the directives of a schema say as such.
import { type ConstDirectiveNode, type DocumentNode, valueFromASTUntyped } from 'graphql';
import { and, deny, or, type Rule } from '../../declaration/rule-words.ts';
import { type ClientRange, parseClientRange } from '../../foundation/client-version.ts';
import { linkedNames } from '../../foundation/linked-names.ts';
import { StartupProblem } from '../../foundation/startup-problem.ts';

/** All that must hold before a field may be asked for. */
export interface FieldRule {
  signedIn: boolean;
  /** Of each of these, all scopes of at least one list. */
  scopes: readonly (readonly (readonly string[])[])[];
  asked: readonly AskedRule[];
  /** Of each of these, one client at least. */
  clients: readonly (readonly ClientRange[])[];
}

/** A rule that is a function. */
export interface AskedRule {
  /** The field that it belongs to, for example `Order.total`. */
  coordinate: string;
  rule: Rule;
  /** Of that field, where it is not the client who gives them. */
  args?: Readonly<Record<string, unknown>>;
}

export const noRule: FieldRule = Object.freeze({ signedIn: false, scopes: [], asked: [], clients: [] });

/** What holds where all of these hold. */
export function allOf(rules: readonly FieldRule[]): FieldRule {
  const [only] = rules;
  if (only !== undefined && rules.length === 1) return only;
  return {
    signedIn: rules.some(({ signedIn }) => signedIn),
    scopes: [...new Set(rules.flatMap(({ scopes }) => scopes))],
    asked: [...new Set(rules.flatMap(({ asked }) => asked))],
    clients: [...new Set(rules.flatMap(({ clients }) => clients))],
  };
}

export function isNoRule({ signedIn, scopes, asked, clients }: FieldRule): boolean {
  return !signedIn && scopes.length === 0 && asked.length === 0 && clients.length === 0;
}

/** Reads @authenticated, @requiresScopes, @policy and our own @allowedFor, whatever they are called in this document. */
export function directiveReader(document: DocumentNode, policies: Readonly<Record<string, Rule>>) {
  const authenticated = linkedNames(document, 'authenticated');
  const requiresScopes = linkedNames(document, 'requiresScopes');
  const policy = linkedNames(document, 'policy');
  const allowedFor = linkedNames(document, 'allowedFor', 'https://specs.tributary.dev/');
  const unknownPolicies = new Set<string>();

  const policyRule = (name: string): Rule => {
    if (Object.hasOwn(policies, name)) return policies[name] as Rule;
    unknownPolicies.add(name);
    return deny;
  };

  function read(directive: ConstDirectiveNode, coordinate: string): FieldRule {
    const name = directive.name.value;
    if (authenticated.has(name)) return { ...noRule, signedIn: true };
    if (requiresScopes.has(name)) {
      return { ...noRule, signedIn: true, scopes: [listsIn(directive, 'scopes', coordinate)] };
    }
    if (allowedFor.has(name)) return { ...noRule, clients: [clientsIn(directive, coordinate)] };
    if (!policy.has(name)) return noRule;
    const lists = listsIn(directive, 'policies', coordinate);
    const rule = or(...lists.map((all) => and(...all.map(policyRule))));
    return { ...noRule, asked: [{ coordinate, rule }] };
  }

  return {
    /** `coordinate` names the field or the type that carries them. */
    read: (directives: readonly ConstDirectiveNode[] | undefined, coordinate: string): FieldRule =>
      allOf(
        (directives ?? []).map((directive) => read(directive, coordinate)).filter((rule) => !isNoRule(rule)),
      ),
    /** Names that @policy uses and nobody has said anything about: they deny. */
    unknownPolicies: unknownPolicies as ReadonlySet<string>,
  };
}

/** `["ios >=3.2.0", "web"]`. What cannot be read must not be let through. */
function clientsIn(directive: ConstDirectiveNode, coordinate: string): ClientRange[] {
  const value = directive.arguments?.find(({ name }) => name.value === 'clients')?.value;
  const texts: unknown = value && valueFromASTUntyped(value);
  const ranges = Array.isArray(texts)
    ? texts.map((text) => (typeof text === 'string' ? parseClientRange(text) : undefined))
    : [];
  if (ranges.length > 0 && ranges.every((range) => range !== undefined)) return ranges;
  throw new StartupProblem(
    `${coordinate}: @${directive.name.value} needs clients as a list such as ["web", "ios >=3.2.0"].`,
  );
}

/** `[["a", "b"], ["c"]]`: a and b, or c. What cannot be read must not be let through. */
function listsIn(directive: ConstDirectiveNode, argument: string, coordinate: string): string[][] {
  const value = directive.arguments?.find(({ name }) => name.value === argument)?.value;
  const lists: unknown = value && valueFromASTUntyped(value);
  const isList = (all: unknown): all is string[] =>
    Array.isArray(all) && all.length > 0 && all.every((one) => typeof one === 'string');
  if (Array.isArray(lists) && lists.length > 0 && lists.every(isList)) return lists;
  throw new StartupProblem(
    `${coordinate}: @${directive.name.value} needs ${argument} as a list of lists of texts.`,
  );
}
