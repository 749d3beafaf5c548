// Holds catalog to what BFFs ask of it: every fetch that registered documents make is replayed.
import { catalog } from '../../../subgraphs/catalog/catalog.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(catalog);
