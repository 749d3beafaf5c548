// What the scalars of whole numbers accept, as a literal and as a variable.
import assert from 'node:assert/strict';
import test from 'node:test';
import { type GraphQLScalarType, parseValue } from 'graphql';
import { wholeNumber } from '../../../subgraphs/kit/whole-numbers.ts';

const positive = wholeNumber('PositiveInt', 1);
const nonNegative = wholeNumber('NonNegativeInt', 0);

const cases: {
  scalar: GraphQLScalarType<number, number>;
  value: unknown;
  literal: string;
  accepted: boolean;
}[] = [
  { scalar: positive, value: 1, literal: '1', accepted: true },
  { scalar: positive, value: 4_503_599_627_370_496, literal: '4503599627370496', accepted: true },
  { scalar: positive, value: 0, literal: '0', accepted: false },
  { scalar: nonNegative, value: 0, literal: '0', accepted: true },
  { scalar: nonNegative, value: -1, literal: '-1', accepted: false },
  { scalar: positive, value: 1.5, literal: '1.5', accepted: false },
  { scalar: positive, value: '3', literal: '"3"', accepted: false },
  { scalar: positive, value: 1e300, literal: '1e300', accepted: false },
  { scalar: positive, value: true, literal: 'true', accepted: false },
  { scalar: positive, value: null, literal: 'null', accepted: false },
];

for (const { scalar, value, literal, accepted } of cases) {
  test(`${scalar.name} ${accepted ? 'accepts' : 'refuses'} ${literal}, as a variable and as a literal`, () => {
    const reads = [() => scalar.parseValue(value), () => scalar.parseLiteral(parseValue(literal))];
    for (const read of reads) {
      if (accepted) assert.equal(read(), value);
      else assert.throws(read, /whole number/);
    }
  });
}
