// Owns what the floor asks of subgraphs, in GraphQL.

export const personFields = 'id displayName avatarUrl';

/** With what the inventory needs to know of a product. */
export const cardFields = 'id sku name brand price { amount currency } weightGrams';

const opinion = 'id rating title';

/** What one person wrote and what was written about some products, all the way down. */
export const reviewsFields = `query ($users: [_Any!]!, $products: [_Any!]!) {
  users: _entities(representations: $users) { ... on User {
    reviews(first: 6) { edges { node { ${opinion} product { id
      reviews(first: 2) { edges { node { ${opinion} author { id displayName
        reviews(first: 4) { edges { node { ${opinion} product { id
          reviews(first: 1) { edges { node { ${opinion} author { id displayName
            reviews(first: 4) { edges { node { ${opinion} product { id } } } } } } } }
        } } } }
      } } } }
    } } } }
  } }
  products: _entities(representations: $products) { ... on Product {
    reviews(first: 2) { edges { node { ${opinion} author { id displayName
      reviews(first: 2) { edges { node { ${opinion} product { id } } } }
    } } } }
  } }
}`;

const stock = 'inStock availability stock';

/** What delivery costs is asked for the shelf alone. */
export const stockQuery = `query ($shelf: [_Any!]!, $others: [_Any!]!) {
  shelf: _entities(representations: $shelf) { ... on Product { ${stock} shippingEstimate { amount currency } } }
  others: _entities(representations: $others) { ... on Product { ${stock} } }
}`;
