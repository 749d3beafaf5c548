// Holds recommendations to what BFFs ask of it: every fetch that registered documents make is replayed.
import { recommendations } from '../../../subgraphs/recommendations/recommendations.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(recommendations);
