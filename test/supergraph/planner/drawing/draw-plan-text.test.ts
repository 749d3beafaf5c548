// Holds the text of drawn plans: it is what people read and compare.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { drawPath, drawPlanText } from '../../../../supergraph/planner/drawing/draw-plan-text.ts';
import type { QueryPlan } from '../../../../supergraph/planner/plan.ts';
import { plans, postageFetch } from './drawn-plans.ts';

const texts: Record<string, string> = {
  'no fetch': `QueryPlan {
}`,
  'one fetch': `QueryPlan {
  Fetch(service: "library", variables: $v0) {
    {
      books(first: $v0) {
        __typename
        id
        title
      }
    }
  }
}`,
  'a mutation': `QueryPlan {
  Fetch(service: "library", kind: mutation, variables: $v0) {
    {
      rename(id: $v0, title: "<a> & \\"b\\"") {
        title
      }
    }
  }
}`,
  'two fetches at once': `QueryPlan {
  Sequence {
    Fetch(service: "library", variables: $v0) {
      {
        books(first: $v0) {
          __typename
          id
          title
        }
      }
    }
    Parallel {
      Fetch(service: "post", path: "books.@") {
        {
          ... on Book { __typename id }
        } => {
          ... on Book {
            postage
          }
        }
      }
      Fetch(service: "reviews", path: "books.@") {
        {
          ... on Book { __typename id }
        } => {
          ... on Book {
            postage
          }
        }
      }
    }
  }
}`,
  'renamed fields and contexts': `QueryPlan {
  Fetch(service: "post", path: "shelf.@|[Audio].parts.@", variables: $v0) {
    {
      ... on Audio {
        __typename
        size: size__1 { unitInWhichItIsMeasured valueAsMeasuredByTheWarehouse }
      }
    } => {
      ... on Audio {
        stock(first: $v0, of: $tenant)
      }
    }
    # $tenant is taken from ../../|[Shelf].tenant
    # before it is sent: |[Audio].__typename becomes "Medium"
    # before it is merged: |[Audio].stock__1 is renamed to stock
  }
}`,
};

describe('the text of a plan', () => {
  for (const [name, text] of Object.entries(texts)) {
    test(name, () => {
      const plan = new Map(plans).get(name);
      assert.equal(drawPlanText(plan ?? {}), text);
    });
  }

  test('is the same for a plan that was kept as JSON', () => {
    for (const [name, plan] of plans) {
      const kept: QueryPlan = JSON.parse(JSON.stringify(plan));
      assert.equal(drawPlanText(kept), drawPlanText(plan), name);
    }
  });

  const others: [string, string][] = [
    [
      'fragments are used',
      'query($representations:[_Any!]!){_entities(representations:$representations){...A}} fragment A on Book{postage}',
    ],
    [
      'more than entities is asked for',
      'query($representations:[_Any!]!){_entities(representations:$representations){__typename} other}',
    ],
  ];
  for (const [name, document] of others) {
    test(`shows a document whole where ${name}`, () => {
      assert.match(
        drawPlanText({ node: { ...postageFetch, document } }),
        /=> query \(?\$representations: \[_Any!\]!\)/,
      );
    });
  }
});

test('paths', () => {
  const cases: [string[], string][] = [
    [[], ''],
    [['a', '@', '@', 'b'], 'a.@.@.b'],
    [['... on A', 'b', '... on C'], '|[A].b|[C]'],
    [['..', 'a'], '../a'],
    [['..', '..', 'a', 'b'], '../../a.b'],
  ];
  for (const [path, text] of cases) assert.equal(drawPath(path), text);
});
