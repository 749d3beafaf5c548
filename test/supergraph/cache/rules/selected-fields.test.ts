// Holds which cache rule the fields of an entity have: the strictest of all that is said of them, and for whom.
import { holdRules, hour, tenant } from './hold-rules.ts';

holdRules({
  'a field has the rule of': [
    {
      name: 'its type, shortened by what the schema says of the type',
      cache: { Product: hour },
      select: '{ ... on Product { __typename id sku } }',
      expect: { maxAge: 60_000, scope: 'public', why: 'schema', absent: 5000, types: [], tags: [] },
    },
    {
      name: 'its type, where that is shorter than what the schema says',
      cache: { Product: { ...hour, maxAge: '3s', staleWhileRevalidate: '5s', staleIfError: '1h' } },
      select: '{ id }',
      expect: {
        maxAge: 3000,
        absent: 3000,
        staleWhileRevalidate: 5000,
        staleIfError: 3_600_000,
        why: 'declared',
      },
    },
    {
      name: 'its coordinate in the place of its type’s, be it longer',
      cache: {
        Product: { ...hour, maxAge: '2s', scope: 'viewer' },
        'Product.sku': { ...hour, maxAge: '8s' },
      },
      select: '{ sku }',
      expect: { maxAge: 8000, scope: 'public' },
    },
    {
      name: 'its type beside another field’s coordinate: the strictest of both',
      cache: {
        Product: { ...hour, staleIfError: '1h', tags: ['b', 'a'] },
        'Product.sku': { maxAge: '8s', scope: 'viewer', absent: '2s', tags: ['c', 'a'] },
      },
      select: '{ id sku }',
      expect: { maxAge: 8000, scope: 'viewer', staleIfError: 0, absent: 2000, tags: ['a', 'b', 'c'] },
    },
    {
      name: 'nobody, and is not kept',
      cache: { Review: hour },
      select: '{ id }',
      expect: undefined,
    },
    {
      name: 'never',
      cache: { Product: hour, 'Product.sku': 'never' },
      select: '{ id sku }',
      expect: undefined,
    },
    { name: 'a type that is never kept', cache: { Product: 'never' }, select: '{ id }', expect: undefined },
    {
      name: 'the schema, shorter than its type’s',
      cache: { Product: hour },
      select: '{ id stock }',
      expect: { maxAge: 10_000, why: 'schema' },
    },
    {
      name: 'the schema, that it is not kept at all',
      cache: { Product: hour },
      select: '{ id cost }',
      expect: undefined,
    },
    {
      name: 'the schema, that it is private',
      cache: { Product: hour },
      select: '{ id margin }',
      expect: { maxAge: 60_000, scope: 'viewer' },
    },
    {
      name: 'the schema, that it is private, beside a claim that is left as it is',
      cache: { Product: { ...hour, scope: tenant } },
      select: '{ margin }',
      expect: { scope: tenant },
    },
    {
      name: 'an absence, forgotten as soon as what is there would be',
      cache: { Product: { ...hour, absent: '1m' } },
      select: '{ stock }',
      expect: { maxAge: 10_000, absent: 10_000 },
    },
    {
      name: 'an absence that is declared to be longer than the age',
      cache: { Product: { maxAge: '1s', absent: '1m', scope: 'public' } },
      select: '{ id }',
      expect: { maxAge: 1000, absent: 60_000 },
    },
    {
      name: 'an interface, strictest with its own',
      cache: { Product: { ...hour, maxAge: '50s' }, Named: { maxAge: '9s', scope: 'viewer' } },
      select: '{ id }',
      expect: { maxAge: 9000, scope: 'viewer' },
    },
    {
      name: 'an interface alone',
      cache: { Named: hour },
      type: 'Review',
      select: '{ text }',
      expect: { maxAge: 90_000, scope: 'public', why: 'schema' },
    },
    {
      name: 'an interface’s field',
      cache: { Product: hour, 'Named.name': 'never' },
      select: '{ ... on Named { name } }',
      expect: undefined,
    },
    {
      name: 'nobody: what there is not, is not kept',
      cache: { Product: hour },
      select: '{ id colour }',
      expect: undefined,
    },
    {
      name: 'its type, hidden though it is',
      cache: { Product: hour },
      select: '{ secret }',
      expect: { scope: 'public' },
    },
    {
      name: 'its type where nothing but the type’s name is asked for',
      cache: { Product: { ...hour, scope: 'viewer' } },
      select: '{ __typename }',
      expect: { maxAge: 60_000, scope: 'viewer' },
    },
    { name: 'nobody, and so its name is not kept', cache: {}, select: '{ __typename }', expect: undefined },
  ],
  'scopes:': [
    {
      name: 'a claim is stricter than everybody',
      cache: { Product: hour, 'Product.sku': { ...hour, scope: tenant } },
      select: '{ id sku }',
      expect: { scope: tenant },
    },
    {
      name: 'a viewer is stricter than a claim',
      cache: { Product: { ...hour, scope: 'viewer' }, 'Product.sku': { ...hour, scope: tenant } },
      select: '{ id sku }',
      expect: { scope: 'viewer' },
    },
    {
      name: 'the same claim twice is that claim',
      cache: { Product: { ...hour, scope: tenant }, 'Product.sku': { ...hour, scope: { claim: 'tenant' } } },
      select: '{ id sku }',
      expect: { scope: tenant },
    },
    {
      name: 'two claims are the viewer',
      cache: { Product: { ...hour, scope: tenant }, 'Product.sku': { ...hour, scope: { claim: 'region' } } },
      select: '{ id sku }',
      expect: { scope: 'viewer' },
    },
    {
      name: 'what is private beside a claim is the viewer’s, when the claim is another field’s',
      cache: { Product: hour, 'Product.sku': { ...hour, scope: tenant } },
      select: '{ margin sku }',
      expect: { scope: 'viewer' },
    },
    {
      name: 'what is protected is never public',
      cache: { Product: hour, 'Product.sku': hour },
      protect: ['Product.sku'],
      select: '{ id sku }',
      expect: { scope: 'viewer', maxAge: 60_000 },
    },
    {
      name: 'what is protected and not asked for makes no difference',
      cache: { Product: hour },
      protect: ['Product.sku', 'Review.id', 'Named.name'],
      select: '{ id ... on Review { id } ... on Named { name } }',
      expect: { scope: 'public' },
    },
    {
      name: 'what is protected in an object within is never public',
      cache: { Product: hour },
      protect: ['Money.amount'],
      select: '{ price { amount } }',
      expect: { scope: 'viewer' },
    },
  ],
});
