import { outline, planned, plannedByStock } from './supergraph/planner/planned-graph.ts';
const subgraphs = {
 plans: `type Query { plan: Plan plans: [Plan!] box: Box! }
        interface Plan { id: ID! }
        type Box { label: String plan: Plan }`,
 houses: `type Query { house: House }
        interface Plan { id: ID! name: String }
        type House implements Plan @key(fields: "id") { id: ID! name: String }` };
const g = planned(subgraphs);
for (const o of ['{ plan { name } house { name } }', '{ box { plan { name } } }', '{ box { plan { __typename } } }','{ box { plan { __typename name } } }', '{ box { plan { __typename id } } }','{ box { plan { id name } } }','{box{__typename plan{name}}}'])
  for (const gr of [g, plannedByStock(subgraphs)]) console.log(o, JSON.stringify(outline(gr.plan(o))));
