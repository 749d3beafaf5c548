// Owns deciding, before anything is planned, which of an operation's fields this viewer may not ask for.
import type { GraphQLResolveInfo } from 'graphql';
import type { RuleContext } from '../../declaration/rule-words.ts';
import type { Denial, Denials } from '../../executor/execution.ts';
import { isAmong } from '../../foundation/client-version.ts';
import type { Viewer } from '../../foundation/viewer.ts';
import type { AskedRule, FieldRule } from './field-rule.ts';

/** A field of an operation that has a rule. */
export interface Check {
  /** `Order.total`, of an object type. */
  coordinate: string;
  rule: FieldRule;
  /** Coerced arguments of the field. */
  args: (variables: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>;
}

/** By check: why not, or undefined where the field may be asked for. */
export type Verdicts = Denials;

/** Milliseconds; a rule that has not said yes by then has said no. */
const patience = 1_000;

/** At once where no rule is a function; never rejects. */
export function decide(
  checks: readonly Check[],
  context: RuleContext,
  variables: Readonly<Record<string, unknown>>,
): Verdicts | Promise<Verdicts> {
  const { viewer, client = {} } = context;
  const first = checks.map(({ rule, coordinate }) => {
    if (!rule.clients.every((clients) => isAmong(clients, client))) return notForClient(coordinate);
    return holds(rule, viewer) ? undefined : denial(viewer, coordinate);
  });
  if (checks.every(({ rule: { asked } }, index) => asked.length === 0 || first[index])) return first;
  const answers = new Answers(context);
  return Promise.all(
    checks.map(async (check, index) => {
      const denied = first[index];
      if (denied) return denied;
      const { asked } = check.rule;
      if (asked.length === 0) return undefined;
      const verdicts = await Promise.all(
        asked.map((one) => answers.ask(one, () => one.args ?? check.args(variables))),
      );
      const refusal = verdicts.find((verdict) => verdict !== true);
      if (refusal === undefined) return undefined;
      return denial(viewer, check.coordinate, refusal === false ? undefined : refusal);
    }),
  );
}

function holds({ signedIn, scopes }: FieldRule, viewer: Viewer): boolean {
  if (signedIn && viewer.id === null) return false;
  return scopes.every((lists) => lists.some((all) => all.every((scope) => viewer.scopes.has(scope))));
}

/** Signing in would not help. */
function notForClient(coordinate: string): Denial {
  return { code: 'FORBIDDEN', message: `This client, or this version of it, may not use ${coordinate}.` };
}

function denial({ id }: Viewer, coordinate: string, sentence?: string): Denial {
  return id === null
    ? { code: 'UNAUTHENTICATED', message: sentence ?? `Sign in to use ${coordinate}.` }
    : { code: 'FORBIDDEN', message: sentence ?? `You may not use ${coordinate}.` };
}

const options = {
  // Makes a rule that throws throw here: shield would call it false, and not(...) of that would let everybody in.
  debug: true,
  allowExternalErrors: true,
  fallbackRule: undefined as never,
  hashFunction: ({ args }: { args: unknown }) => JSON.stringify(args),
};

/** What the rules of one request have said: each is asked once for a field and its arguments. */
class Answers {
  private readonly known = new Map<AskedRule['rule'], Map<string, Promise<unknown>>>();
  private readonly context: RuleContext;

  constructor({ viewer, client = {} }: RuleContext) {
    // What a rule does to it, it does to its own.
    const { id, roles, scopes, claims } = viewer;
    this.context = {
      client: { ...client },
      viewer: { id, roles: [...roles], scopes: new Set(scopes), claims: structuredClone(claims) },
    };
  }

  /** true, false, or false with a sentence of the rule's own. */
  async ask(
    { coordinate, rule }: AskedRule,
    argsOf: () => Readonly<Record<string, unknown>>,
  ): Promise<boolean | string> {
    try {
      const args = structuredClone(argsOf());
      const key = `${coordinate} ${JSON.stringify(args)}`;
      const before = this.known.get(rule) ?? new Map<string, Promise<unknown>>();
      this.known.set(rule, before);
      const answer = before.get(key) ?? this.answer({ coordinate, rule }, args);
      before.set(key, answer);
      const verdict = await answer;
      return verdict instanceof Error ? verdict.message : verdict === true;
    } catch {
      return false;
    }
  }

  private async answer({ coordinate, rule }: AskedRule, args: object): Promise<unknown> {
    const [parentType = '', fieldName = ''] = coordinate.split('.');
    // What shield remembers by names alone is forgotten with each question.
    const context = { ...this.context, _shield: { cache: {} } };
    const info = { fieldName, parentType: { name: parentType } } as GraphQLResolveInfo;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, patience, false);
    });
    try {
      return await Promise.race([rule.resolve({}, args, context, info, options), late]);
    } finally {
      clearTimeout(timer);
    }
  }
}
