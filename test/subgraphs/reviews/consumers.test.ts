// Holds reviews to what BFFs ask of it: every fetch that registered documents make is replayed.
import { reviews } from '../../../subgraphs/reviews/reviews.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(reviews);
