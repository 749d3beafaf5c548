// Holds payments to what BFFs ask of it: every fetch that registered documents make is replayed.
import { payments } from '../../../subgraphs/payments/payments.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(payments);
