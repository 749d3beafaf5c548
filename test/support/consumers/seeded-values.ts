// Owns the values that stand in for clients' variables and for keys of entities: Ada's, and what the seeds agree on.
import {
  type GraphQLInputType,
  type GraphQLNamedType,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
} from 'graphql';
import { demoOrders } from '../../../subgraphs/kit/demo/orders.ts';
import { demoPassword } from '../../../subgraphs/kit/demo/people.ts';
import { demoProducts } from '../../../subgraphs/kit/demo/products.ts';

export const ada = 'user-001';

const orders = demoOrders().filter(({ userId }) => userId === ada);
const order = orders.find(({ status }) => status === 'DELIVERED') ?? orders[0];
const [product] = demoProducts();
const orderOf = (kind: string): string => order?.id.replace('order', kind) ?? '';

/** Of things that are in the seeds, by `Type.field`; those of one type belong together. */
export const seeded: Readonly<Record<string, unknown>> = {
  'Address.id': 'address-001-1',
  'BankAccount.id': 'method-001-2',
  'Card.id': 'method-001-1',
  'Cart.id': `cart-${ada}`,
  'Cart.lines': [{ quantity: 2, product: { id: product?.id } }],
  'Category.id': 'category-cookware',
  'Category.slug': 'cookware',
  'MyData.userId': ada,
  'Notification.id': 'notification-00001',
  'Order.id': order?.id,
  'Order.number': order?.number,
  'Payment.id': orderOf('payment'),
  'Product.id': product?.id,
  'Product.sku': product?.sku,
  'Product.price': { amount: product?.price, currency: 'EUR' },
  'Product.weightGrams': product?.weightGrams,
  'Review.id': 'review-00001',
  'Shipment.id': orderOf('shipment'),
  'User.id': ada,
  'Wallet.id': 'method-001-3',
  'Warehouse.id': 'VIE',
};

/** By the name of an argument or of an input's field. */
const byName: Readonly<Record<string, unknown>> = {
  categoryId: seeded['Category.id'],
  number: seeded['Order.number'],
  orderId: seeded['Order.id'],
  password: demoPassword,
  productId: seeded['Product.id'],
  sku: seeded['Product.sku'],
  slug: seeded['Category.slug'],
  text: 'pan',
  userId: ada,
  warehouseId: seeded['Warehouse.id'],
};

const byScalar: Readonly<Record<string, unknown>> = {
  Boolean: true,
  CountryCode: 'AT',
  Currency: 'EUR',
  DateTime: '2026-11-15T12:00:00.000Z',
  EmailAddress: 'ada@example.com',
  Float: 1.5,
  ID: 'nobody-knows',
  Int: 2,
  JSON: {},
  Locale: 'de-AT',
  NonNegativeInt: 1,
  PositiveInt: 1,
  String: 'something',
  URL: 'https://shop.example/',
};

/** For a variable that is given as `name`, on the way to what `of` is; undefined where nothing has to be given. */
export function exampleValue(
  type: GraphQLInputType,
  name: string,
  of: GraphQLNamedType | undefined,
): unknown {
  if (isNonNullType(type)) return exampleValue(type.ofType, name, of) ?? required(type.ofType, name, of);
  const known = byName[name] ?? (of && seeded[`${of.name}.${name}`]);
  if (known !== undefined) return isListType(type) ? [known] : known;
  const named = getNamedType(type);
  // What narrows a list may leave nothing of it, and what was not asked for would not be tried.
  if (isInputObjectType(named) || name === 'after') return undefined;
  return named.name === 'Int' || named.name === 'Boolean' || isEnumType(named)
    ? required(type, name, of)
    : undefined;
}

function required(type: GraphQLInputType, name: string, of: GraphQLNamedType | undefined): unknown {
  if (isNonNullType(type)) return required(type.ofType, name, of);
  if (isListType(type)) return [required(type.ofType, name, of)];
  if (isEnumType(type)) return type.getValues()[0]?.name;
  if (!isInputObjectType(type)) return byScalar[getNamedType(type).name];
  const values: Record<string, unknown> = {};
  for (const field of Object.values(type.getFields())) {
    const value = exampleValue(field.type, field.name, undefined);
    if (value !== undefined) values[field.name] = value;
  }
  return values;
}
