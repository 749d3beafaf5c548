// Owns how a domain says what of its data is personal: every column of every table, once.

/** In words, or with what else holds for it. */
type PersonalColumn =
  | string
  | {
      /** In words. */
      what: string;
      /** Encrypted at rest. Sealed columns are of type text, and no condition or order can read them. */
      sealed?: true;
      /** Not even exported: a password's hash, a provider's token. */
      secret?: true;
    };

type Erasure<Column extends string> =
  | 'remove'
  | {
      /** Why the rows stay. */
      keep: string;
      /** What becomes of their columns. */
      blank?: Partial<Record<Column, string | number | boolean | null>>;
    };

interface ColumnsOfNobody<Column extends string> {
  /** Encrypted at rest and about nobody, such as a private key: in words what it is. */
  sealed?: Partial<Record<Column, string>>;
  /** What is plainly not personal, and is exported where it stands beside what is. */
  others?: readonly Column[];
  /** What is plainly not personal, and of no use to anybody but the service. */
  internal?: readonly Column[];
}

/** By type: the columns with the values of its keys. */
type KeyColumns<Column extends string> = Readonly<Record<string, Column | readonly Column[]>>;

interface TableOfPeople<Column extends string, Table extends string> extends ColumnsOfNobody<Column> {
  /**
   * What its rows are to others, or are a part of, beside the person's `User`: `{ Order: ['id', 'number'] }`. Routers are told of
   * these when the person is erased.
   */
  entities?: KeyColumns<Column>;
  /** How a row leads to its person: by a column with the person's id, or to a row of another table with this `id`. */
  person: Column | { through: Column; to: Table };
  onErasure: Erasure<Column>;
  personal: Partial<Record<Column, PersonalColumn>>;
}

interface TableOfNobody<Column extends string> extends ColumnsOfNobody<Column> {
  person?: never;
}

interface ViewOfTable<Table extends string> {
  /** Its columns are called as there, and are what they are there. */
  viewOf: Table;
}

type Inventory<Tables> = {
  readonly [Table in keyof Tables & string]:
    | TableOfPeople<keyof Tables[Table] & string, keyof Tables & string>
    | TableOfNobody<keyof Tables[Table] & string>
    | ViewOfTable<keyof Tables & string>;
};

export interface InventoriedColumn {
  name: string;
  /** In words; undefined for what is plainly not personal. */
  what?: string | undefined;
  isPersonal: boolean;
  isSealed: boolean;
  isSecret: boolean;
  isInternal: boolean;
}

export interface InventoriedTable {
  name: string;
  viewOf?: string | undefined;
  /** Undefined where no row is about a person. */
  person?: string | { through: string; to: string } | undefined;
  onErasure?: Erasure<string> | undefined;
  entities?: KeyColumns<string> | undefined;
  columns: readonly InventoriedColumn[];
}

/** In the order of the declaration. */
export type PersonalData = readonly InventoriedTable[];

/**
 * Declares the personal data of a domain, parents before children. Throws an Error where a column is classified twice, a
 * person cannot be found from a row, or a name is sealed in one table and not in another: what is sealed is known by the
 * column's name.
 */
export function definePersonalData<Tables>(inventory: Inventory<Tables>): PersonalData {
  const entries = Object.entries(inventory) as [string, Inventory<LooseTables>[string]][];
  const tables = entries.map(([name, declared]) => inventoried(name, declared));
  for (const table of tables) refuseWhatCannotBe(table, tables);
  return tables;
}

/** Names of columns that are encrypted at rest. */
export function sealedNames(personalData: PersonalData = []): ReadonlySet<string> {
  return new Set(sealedColumns(personalData).map(({ column }) => column));
}

export function sealedColumns(personalData: PersonalData = []): { table: string; column: string }[] {
  return personalData.flatMap(({ name, columns }) =>
    columns.filter(({ isSealed }) => isSealed).map((column) => ({ table: name, column: column.name })),
  );
}

type LooseTables = Record<string, Record<string, unknown>>;

function inventoried(name: string, declared: Inventory<LooseTables>[string]): InventoriedTable {
  if ('viewOf' in declared) return { name, viewOf: declared.viewOf, columns: [] };
  const { sealed = {}, others = [], internal = [] } = declared;
  const plain = { isPersonal: false, isSealed: false, isSecret: false, isInternal: false };
  const columns: InventoriedColumn[] = [
    ...('personal' in declared ? Object.entries(declared.personal).map(personalColumn) : []),
    ...Object.entries(sealed).map(([column, what]) => ({
      name: column,
      what,
      isPersonal: false,
      isSealed: true,
      isSecret: true,
      isInternal: true,
    })),
    ...others.map((column) => ({ ...plain, name: column })),
    ...internal.map((column) => ({ ...plain, name: column, isInternal: true })),
  ];
  if (!('personal' in declared)) return { name, columns };
  const { person, onErasure, entities } = declared;
  return { name, person, onErasure, entities, columns };
}

function personalColumn([name, declared]: [string, PersonalColumn | undefined]): InventoriedColumn {
  const {
    what = '',
    sealed = false,
    secret = false,
  } = typeof declared === 'string' ? { what: declared } : (declared ?? {});
  return { name, what, isPersonal: true, isSealed: sealed, isSecret: secret, isInternal: false };
}

function refuseWhatCannotBe(table: InventoriedTable, all: PersonalData): void {
  const { name, person, onErasure, columns } = table;
  const sealed = sealedNames(all);
  const known = new Set<string>();
  for (const column of columns) {
    if (known.has(column.name)) throw new Error(`${name}.${column.name} is in the inventory twice.`);
    if (sealed.has(column.name) && !column.isSealed) {
      throw new Error(
        `${column.name} is sealed in one table and not in ${name}: call one of them otherwise.`,
      );
    }
    known.add(column.name);
  }
  const blanked = typeof onErasure === 'object' ? Object.keys(onErasure.blank ?? {}) : [];
  for (const column of blanked) {
    if (!known.has(column)) throw new Error(`${name}.${column} is blanked and not in the inventory.`);
  }
  for (const column of Object.values(table.entities ?? {}).flat()) {
    if (!known.has(column)) throw new Error(`${name}.${column} is a key and not in the inventory.`);
    if (sealed.has(column)) throw new Error(`${name}.${column} is a key and sealed.`);
  }
  if (person === undefined) return;
  const way = wayToPerson(table, all);
  for (const [at, { column }] of way.entries()) {
    if (!sealed.has(column)) continue;
    throw new Error(`${way[at]?.table}.${column} is sealed, so nobody is found by it.`);
  }
}

/**
 * The columns that lead from a row to the id of its person, the row's own first: `lines.order_id` (an `id` of the next
 * table) and `orders.user_id`. Throws an Error where they lead nowhere.
 */
export function wayToPerson(table: InventoriedTable, all: PersonalData): { table: string; column: string }[] {
  const way: { table: string; column: string }[] = [];
  for (let at: InventoriedTable | undefined = table; at; ) {
    const { name, person } = at as InventoriedTable;
    if (typeof person === 'string') return [...way, { table: name, column: person }];
    if (person === undefined || way.length === all.length) break;
    way.push({ table: name, column: person.through });
    at = all.find((one) => one.name === person.to);
  }
  throw new Error(`No person is found from a row of ${table.name}.`);
}
