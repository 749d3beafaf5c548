import '/work/main/test/subgraphs/catalog/catalog.test.ts';
import '/work/main/test/subgraphs/inventory/inventory.test.ts';
import '/work/main/test/subgraphs/reviews/reviews.test.ts';
import '/work/main/test/subgraphs/orders/orders.test.ts';
