// Owns which fields of the data claim which places of a representation, and where two claim the same.
import { Kind, type SelectionSetNode } from 'graphql';
import type { RequiredSelection } from '../plan.ts';
import type { RequirementVariants } from './requirement-variants.ts';

/** Where a field stands in a representation, by the names the subgraph knows. */
export interface Place {
  /** Whatever types are named on the way. */
  path: string;
  /** With the object types that are named on the way. */
  typedPath: string;
}

/** What stands where under which name of the data: for each path the claims `typed path=name`. */
export type Claims = Map<string, Set<string>>;

interface Claim extends Place {
  name: string;
}

export class ClaimReader {
  private readonly variants: RequirementVariants;

  constructor(variants: RequirementVariants) {
    this.variants = variants;
  }

  /** Paths that are to hold fields of more than one name of the data. */
  contested(tops: readonly { start: string; selections: readonly RequiredSelection[] }[]): Set<string> {
    const names = new Map<string, Set<string>>();
    for (const { start, selections } of tops) {
      for (const { path, name } of this.claims(selections, { path: start, typedPath: start })) {
        names.set(path, (names.get(path) ?? new Set()).add(name));
      }
    }
    return new Set([...names].flatMap(([path, { size }]) => (size > 1 ? path : [])));
  }

  /** What a field of a subgraph requires at contested paths. */
  ofField(
    { subgraph, type, field }: { subgraph: string; type: string | undefined; field: string },
    start: string,
    contested: ReadonlySet<string>,
  ): Claims {
    const claims: Claims = new Map();
    const { requirements, interfaces } = this.variants;
    const owners = type === undefined ? [] : [type, ...(interfaces.get(type) ?? [])];
    for (const owner of owners) {
      const required = requirements.get(subgraph)?.get(`${owner}.${field}`);
      if (required === undefined) continue;
      const selections = this.required(required);
      for (const claim of this.claims(selections, { path: start, typedPath: start })) {
        if (!contested.has(claim.path)) continue;
        claims.set(claim.path, (claims.get(claim.path) ?? new Set()).add(claimText(claim)));
      }
    }
    return claims;
  }

  /** Only what was claimed of the contested; `found` gets the claims that were met. */
  only(
    selections: readonly RequiredSelection[],
    place: Place,
    claims: Claims,
    contested: ReadonlySet<string>,
    found: Set<string>,
  ): RequiredSelection[] {
    return selections.flatMap((selection): RequiredSelection[] => {
      if (selection.kind === 'fragment') {
        const inner = this.within(place, selection.typeCondition);
        const left = this.only(selection.selections, inner, claims, contested, found);
        return left.length > 0 ? [{ ...selection, selections: left }] : [];
      }
      const claim = claimOf(selection, place);
      if (contested.has(claim.path)) {
        const text = claimText(claim);
        if (!claims.get(claim.path)?.has(text)) return [];
        found.add(text);
      }
      if (!selection.selections) return [selection];
      const left = this.only(selection.selections, claim, claims, contested, found);
      return left.length > 0 ? [{ ...selection, selections: left }] : [];
    });
  }

  private claims(selections: readonly RequiredSelection[], place: Place): Claim[] {
    return selections.flatMap((selection): Claim[] => {
      if (selection.kind === 'fragment') {
        return this.claims(selection.selections, this.within(place, selection.typeCondition));
      }
      const claim = claimOf(selection, place);
      return [claim, ...this.claims(selection.selections ?? [], claim)];
    });
  }

  private within({ path, typedPath }: Place, type: string): Place {
    // The planner leaves out conditions that are met anyway, which those on objects within abstract fields never are.
    return { path, typedPath: this.variants.objectTypes.has(type) ? `${typedPath}<${type}>` : typedPath };
  }

  private required(set: SelectionSetNode): RequiredSelection[] {
    return set.selections.flatMap((selection): RequiredSelection[] => {
      if (selection.kind === Kind.FRAGMENT_SPREAD) return [];
      const selections = selection.selectionSet && this.required(selection.selectionSet);
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        const typeCondition = selection.typeCondition?.name.value;
        if (typeCondition === undefined) return selections ?? [];
        return [{ kind: 'fragment', typeCondition, selections: selections ?? [] }];
      }
      const name = selection.name.value;
      const as = this.variants.byName.get(name)?.field;
      return [{ kind: 'field', name, ...(as !== undefined && { as }), ...(selections && { selections }) }];
    });
  }
}

/** Whether fields with these claims can be sent in one representation. */
export function agree(held: Claims, wanted: Claims): boolean {
  return [...wanted].every(([path, claims]) => {
    const others = held.get(path) ?? claims;
    return others.size === claims.size && [...claims].every((claim) => others.has(claim));
  });
}

function claimOf({ name, as = name }: { name: string; as?: string }, { path, typedPath }: Place): Claim {
  return { path: `${path}/${as}`, typedPath: `${typedPath}/${as}`, name };
}

function claimText({ typedPath, name }: Claim): string {
  return `${typedPath}=${name}`;
}
