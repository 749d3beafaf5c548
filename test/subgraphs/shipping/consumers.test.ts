// Holds shipping to what BFFs ask of it: every fetch that registered documents make is replayed.
import { shipping } from '../../../subgraphs/shipping/shipping.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(shipping);
