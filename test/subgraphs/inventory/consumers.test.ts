// Holds inventory to what BFFs ask of it: every fetch that registered documents make is replayed.
import { inventory } from '../../../subgraphs/inventory/inventory.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(inventory);
