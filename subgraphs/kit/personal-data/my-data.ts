// Owns a domain's part of what a person may take along: its field of the entity MyData.
import type { SubgraphContext, TypeResolvers } from '../define-subgraph.ts';
import type { PersonalData } from './define-personal-data.ts';
import { exportPerson } from './export-person.ts';

type MyData = { userId: string };

/**
 * Resolvers for `type MyData @key(fields: "userId") { userId: ID! <field>: JSON }`, where the field is called as the domain:
 * all it keeps about the person, by table; null for anybody else's.
 */
export function myDataResolvers<Tables, Loaders>(
  field: string,
  personalData: PersonalData,
): { MyData: TypeResolvers<SubgraphContext<Tables, Loaders>> } {
  return {
    MyData: {
      __resolveReference: ({ userId }: MyData) => ({ userId }),
      [field]: ({ userId }: MyData, _: unknown, context) => {
        if (context.caller.userId !== userId) return null;
        // A request may ask a thousand times under other names: what it reads is much, and always the same.
        context.exported ??= exportPerson(context.db, personalData, userId);
        return context.exported;
      },
    },
  };
}
