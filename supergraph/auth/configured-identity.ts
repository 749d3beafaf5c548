// Owns whose tokens a router believes: what its declaration says, and what the environment says in its place.
import { sharedPrefixes } from '../declaration/id-prefixes.ts';
import type { IdentityDeclaration, TokenIssuer } from '../declaration/identity-declaration.ts';
import type { IdentityVariables } from '../foundation/environment.ts';
import { StartupProblem } from '../foundation/startup-problem.ts';
import { type KeyAddressRules, objectionToKeyAddress } from './key-address.ts';

/** undefined where neither says anything. Throws a StartupProblem with everything that is missing or not allowed. */
export function configuredIdentity(
  declared: IdentityDeclaration | undefined,
  variables: IdentityVariables,
  addresses: KeyAddressRules,
): IdentityDeclaration | undefined {
  const problems: string[] = [];
  const issuers = configuredIssuers(declared?.issuers ?? [], variables, problems);
  for (const { issuer, jwks } of problems.length > 0 ? [] : issuers) {
    const objection = objectionToKeyAddress(jwks ?? issuer, addresses);
    if (objection !== undefined) problems.push(`Keys of the issuer "${issuer}": ${objection}`);
  }
  if (problems.length > 0) throw new StartupProblem(problems.join('\n'));
  return issuers.length > 0 ? { ...declared, issuers } : undefined;
}

function configuredIssuers(
  declared: readonly TokenIssuer[],
  { issuers, audiences, keys, prefixes }: IdentityVariables,
  problems: string[],
): TokenIssuer[] {
  if ([issuers, audiences, keys, prefixes].every(({ length }) => length === 0)) return [...declared];
  const names = issuers.length > 0 ? issuers : declared.map(({ issuer }) => issuer);
  if (names.length === 0) {
    problems.push(
      'TOKEN_ISSUER must say whose tokens are good, where JWKS_URL, TOKEN_AUDIENCE or TOKEN_PREFIX is given.',
    );
  }
  if (new Set(names).size < names.length) problems.push('TOKEN_ISSUER must list each issuer once.');
  if (keys.length > 0 && names.length > 0 && keys.length !== names.length) {
    problems.push(`JWKS_URL must list as many addresses as there are issuers: ${names.length}.`);
  }
  if (prefixes.length > 0 && names.length > 0 && prefixes.length !== names.length) {
    problems.push(`TOKEN_PREFIX must have as many places as there are issuers: ${names.length}.`);
  }
  const configured = names.map((issuer, index) => {
    const before = declared[index];
    const heard = audiences.length > 0 ? audiences : (before?.audiences ?? []);
    if (heard.length === 0) problems.push('TOKEN_AUDIENCE must say for whom tokens are made.');
    // A provider that is new and has an address is asked itself where its keys are.
    const isNew = issuer !== before?.issuer && URL.canParse(issuer);
    const jwks = keys[index] ?? (isNew ? undefined : before?.jwks);
    if (jwks === undefined && !URL.canParse(issuer)) {
      problems.push(`JWKS_URL must say where the keys of "${issuer}" are, which is no address.`);
    }
    const prefix = prefixes.length > 0 ? prefixes[index] || undefined : prefixOf(issuer, declared);
    return {
      issuer,
      audiences: heard,
      ...(jwks !== undefined && { jwks }),
      ...(prefix !== undefined && { prefix }),
    };
  });
  const isListed = new Set(names).size === names.length;
  if (isListed) problems.push(...sharedPrefixes(configured).map((problem) => `TOKEN_PREFIX: ${problem}`));
  return configured;
}

/** It belongs to the issuer, and not to the place: whoever comes in that place must not get another's people. */
function prefixOf(name: string, declared: readonly TokenIssuer[]): string | undefined {
  return declared.find(({ issuer }) => issuer === name)?.prefix;
}
