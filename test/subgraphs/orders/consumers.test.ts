// Holds orders to what BFFs ask of it: every fetch that registered documents make is replayed.
import { orders } from '../../../subgraphs/orders/orders.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(orders);
