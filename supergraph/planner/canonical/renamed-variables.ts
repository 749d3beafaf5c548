// Owns the canonical names of variables: numbered by first use, so that two clients' names for one thing make one text.
import { type ASTNode, Kind, print, type VariableDefinitionNode, visit } from 'graphql';

export class RenamedVariables {
  /** Canonical name to the client's. */
  readonly byCanonicalName = new Map<string, string>();
  private readonly names = new Map<string, string>();
  private readonly given: readonly VariableDefinitionNode[];

  constructor(given: readonly VariableDefinitionNode[]) {
    this.given = given;
  }

  /** The node with every variable in it renamed. */
  rename<Node extends ASTNode>(node: Node): Node {
    return visit(node, {
      Variable: ({ name }) => ({
        kind: Kind.VARIABLE,
        name: { kind: Kind.NAME, value: this.nameFor(name.value) },
      }),
    });
  }

  /** `($v0:ID!,$v1:Int=10)`, or nothing when no variable was used. */
  definitions(): string {
    const used = [...this.byCanonicalName].map(([canonical, client]) => {
      const definition = this.given.find(({ variable }) => variable.name.value === client);
      if (definition === undefined) throw new Error(`The variable $${client} is not defined.`);
      const { type, defaultValue } = definition;
      return `$${canonical}:${print(type)}${defaultValue ? `=${print(defaultValue)}` : ''}`;
    });
    return used.length > 0 ? `(${used.join(',')})` : '';
  }

  private nameFor(client: string): string {
    let name = this.names.get(client);
    if (name === undefined) {
      name = `v${this.names.size}`;
      this.names.set(client, name);
      this.byCanonicalName.set(name, client);
    }
    return name;
  }
}
