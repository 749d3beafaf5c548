// Holds a router without a contract to the table of what is not everybody's.
import { holdVerdicts } from './hold-verdicts.ts';
import { wholeGraph } from './whole-graph.ts';

holdVerdicts(wholeGraph());
