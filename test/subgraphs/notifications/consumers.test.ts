// Holds notifications to what BFFs ask of it: every fetch that registered documents make is replayed.
import { notifications } from '../../../subgraphs/notifications/notifications.ts';
import { replayConsumers } from '../../support/consumers/replay-consumers.ts';

replayConsumers(notifications);
