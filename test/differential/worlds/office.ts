// An office: input objects within input objects, custom scalars of any shape, defaults, hidden fields, mutations.
import { type Data, find, type Row, type World } from '../graph/world.ts';

const subgraphs = {
  desk: `
    type Query {
      tasks(where: Where = { done: false }, page: Page! = { size: 2 }): [Task!]
      task(id: ID!): Task
      echo(json: Json, at: Day, ids: [ID!]! = ["x"], matrix: [[Int!]], where: Where): String
    }
    type Mutation {
      create(task: NewTask!): Task!
      finish(ids: [ID!]!, by: Day = "2026-05-05"): [Task]
      count(add: Int! = 1): Int!
    }
    input Where { done: Boolean labels: [Label!] due: Range not: Where }
    input Range { from: Day to: Day }
    input Page { size: Int! = 3 after: ID }
    input NewTask { id: ID! title: String! = "untitled" labels: [Label!] = [URGENT] meta: Json }
    enum Label { URGENT BORING SECRET @inaccessible }
    scalar Json
    scalar Day
    type Task @key(fields: "id") @key(fields: "ref { desk number }") {
      id: ID!
      ref: Ref!
      title: String!
      done: Boolean!
      due: Day
      labels: [Label!]
      meta: Json
      parts: [Task!]
      secret: String @inaccessible
      describe(style: Style = { length: 5 }): String
    }
    input Style { length: Int = 3 upper: Boolean! = false }
    type Ref @shareable { desk: String! number: Int! }
  `,
  people: `
    type Query { worker(id: ID!): Worker workers: [Worker!]! @shareable motto: String @shareable }
    type Mutation { hire(name: String!): Worker }
    type Worker @key(fields: "id") { id: ID! name: String! boss: Worker tasks(done: Boolean): [Task!]! }
    type Task @key(fields: "id") {
      id: ID!
      assignee: Worker
      secret: String @external
      due: Day @external
      audit: Audit @requires(fields: "secret due")
    }
    type Audit { hash: String! due: Day worker: Worker }
    scalar Day
  `,
  board: `
    type Query { board(name: String = "main"): Board workers: [Worker!]! @shareable motto: String @shareable }
    type Mutation { move(task: ID!, to: Column!): Card }
    type Board { name: String! cards(in: [Column!] = [TODO, DOING]): [Card]! byColumn: [[Card!]!]! }
    type Card { column: Column! task: Task mentions: [Mention!] }
    union Mention = Task | Worker
    enum Column { TODO DOING DONE }
    type Task @key(fields: "ref { desk number }") { ref: Ref! column: Column blocked: [Task!] }
    type Ref @shareable { desk: String! number: Int! }
    type Worker @key(fields: "id") { id: ID! badge: String }
  `,
};

function createData(): Data {
  const tasks: Row[] = ['t1', 't2', 't3', 't4'].map((id, index) => ({
    __typename: 'Task',
    id,
    ref: { desk: index < 2 ? 'north' : 'south', number: index % 2 },
    title: `Task ${index}`,
    done: index === 3,
    due: index === 1 ? null : `2026-03-0${index + 1}`,
    labels: [['URGENT'], null, [], ['BORING', 'URGENT']][index],
    meta: [{ a: [1, { b: null }] }, 'text', null, [true, 1.5]][index],
    secret: index === 2 ? null : `hush${index}`,
    column: ['TODO', 'DOING', 'DONE', null][index],
  }));
  const workers: Row[] = ['w1', 'w2'].map((id, index) => ({
    __typename: 'Worker',
    id,
    name: `Worker ${index}`,
    badge: index === 1 ? null : 'gold',
  }));
  const at = (rows: Row[], index: number): Row | null => rows[index] ?? null;
  for (const [index, row] of workers.entries()) row['boss'] = index === 0 ? null : at(workers, 0);
  for (const [index, row] of tasks.entries()) {
    row['parts'] = index === 0 ? [at(tasks, 1), at(tasks, 2), at(tasks, 1)] : null;
    row['assignee'] = index === 2 ? null : at(workers, index % 2);
    row['blocked'] = index === 1 ? [at(tasks, 0), at(tasks, 3)] : null;
  }
  const cards: Row[] = tasks.slice(0, 3).map((task, index) => ({
    column: ['TODO', 'DOING', 'DONE'][index],
    task: index === 1 ? null : task,
    mentions: index === 0 ? [task, at(workers, 1), at(tasks, 3)] : null,
  }));
  return { Task: tasks, Worker: workers, cards, counter: [{ value: 0 }] };
}

const shown = (value: unknown): string => (value === undefined ? 'nothing' : JSON.stringify(value));
const audit = (sent: Row, worker: unknown): Row => ({
  hash: `${sent['secret']}/${sent['due']}`,
  due: sent['due'],
  worker,
});

function matches(row: Row, where: unknown): boolean {
  if (where === undefined || where === null) return true;
  const { done, labels, due, not } = where as {
    done?: unknown;
    labels?: unknown[];
    due?: Row;
    not?: unknown;
  };
  if (typeof done === 'boolean' && row['done'] !== done) return false;
  if (
    Array.isArray(labels) &&
    !labels.some((label) => (row['labels'] as unknown[] | null)?.includes(label))
  ) {
    return false;
  }
  if (typeof due?.['from'] === 'string' && !(String(row['due']) >= due['from'])) return false;
  return not === undefined || not === null || !matches(row, not);
}

export const office: World = {
  name: 'office',
  subgraphs,
  createData,
  resolvers: {
    Query: {
      tasks: (_, { where, page }, { Task: rows = [] }) => {
        const { size, after } = page as unknown as { size: number; after?: string };
        const start = rows.findIndex(({ id }) => id === after) + 1;
        return rows
          .slice(start)
          .filter((row) => matches(row, where))
          .slice(0, size);
      },
      task: (_, { id }, data) => find(data, 'Task', { id }),
      echo: (_, args) =>
        ['json', 'at', 'ids', 'matrix', 'where'].map((name) => shown((args as Row)[name])).join(' '),
      worker: (_, { id }, data) => find(data, 'Worker', { id }),
      workers: (_, __, data) => data['Worker']?.slice(0, 2),
      motto: () => 'ora et labora',
      board: (_, { name }, { cards = [] }) => (name === 'none' ? null : { name: String(name), cards }),
    },
    Mutation: {
      create(_, { task }, data) {
        const row = {
          due: null,
          labels: null,
          meta: null,
          ...(task as unknown as Row),
          __typename: 'Task',
          id: `${(task as unknown as Row)['id']}-${data['Task']?.length}`,
          ref: { desk: 'new', number: data['Task']?.length },
          done: false,
          secret: 'new',
          column: null,
          parts: null,
          assignee: data['Worker']?.[1],
          blocked: null,
        };
        data['Task']?.push(row);
        return row;
      },
      finish: (_, { ids, by }, data) =>
        (ids as unknown as string[]).map((id) => {
          const row = find(data, 'Task', { id });
          if (row) Object.assign(row, { done: true, title: `${row['title']} done by ${by}` });
          return row;
        }),
      count(_, { add }, data) {
        const counter = data['counter']?.[0] as { value: number };
        counter.value += Number(add);
        return counter.value;
      },
      hire(_, { name }, data) {
        const row = {
          __typename: 'Worker',
          id: `w${(data['Worker']?.length ?? 0) + 1}`,
          name,
          badge: null,
          boss: null,
        };
        data['Worker']?.push(row);
        return row;
      },
      move(_, { task, to }, data) {
        const card = data['cards']?.find((each) => (each['task'] as Row | null)?.['id'] === task);
        if (card) card['column'] = to;
        return card;
      },
    },
    Board: {
      cards: (row, args) =>
        (row['cards'] as Row[]).map((card) =>
          (args['in'] as unknown as unknown[] | null)?.includes(card['column']) === false ? null : card,
        ),
      byColumn: (row) =>
        ['TODO', 'DOING', 'DONE'].map((column) =>
          (row['cards'] as Row[]).filter((card) => card['column'] === column),
        ),
    },
    Task: {
      describe: (row, { style }) => {
        const { length, upper } = (style ?? {}) as { length?: number; upper?: boolean };
        const text = String(row['title']).slice(0, length ?? 99);
        return upper ? text.toUpperCase() : text;
      },
      audit: (row) => audit(row, row['assignee']),
    },
    Worker: {
      tasks: (row, { done }, { Task: rows = [] }) =>
        // A mutation of one subgraph must not be seen through another: the order of their fetches is a plan's own choice.
        rows
          .slice(0, 4)
          .filter(
            (task) =>
              task['assignee'] === row && (typeof done !== 'boolean' || (task['id'] === 't4') === done),
          ),
    },
  },
  required: {
    people: {
      Task: {
        audit: (sent, _, data) => audit(sent, find(data, 'Task', { id: sent['id'] })?.['assignee'] ?? null),
      },
    },
  },
  literals: {
    'Query.task.id': ['"t1"', '"t2"', '"t3"', '"t4"', '"none"'],
    'Query.worker.id': ['"w1"', '"w2"', '"none"'],
    'Query.board.name': ['"main"', '"none"'],
    'Mutation.finish.ids': ['["t1"]', '["t2", "none", "t1"]', '[]'],
    'Mutation.move.task': ['"t1"', '"t3"', '"t2"'],
    'NewTask.id': ['"t7"', '"t8"'],
    'Page.after': ['"t1"', '"t2"'],
    Json: ['{ a: [1, "x", { b: null }], c: true }', '"text"', '[1, 2.5]', '7'],
    Day: ['"2026-03-02"', '"2026-03-04"'],
    ID: ['"a"', '"b"', '7'],
    Int: ['1', '2', '3', '-7'],
    String: ['"Eve"', '"a \\"quoted\\" one\\n"'],
  },
};
