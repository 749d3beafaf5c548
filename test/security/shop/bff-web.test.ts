// Holds bff-web to the table of what is not everybody's.
import { web } from '../../../bff-web/bff.ts';
import { readBff } from '../../supergraph/fixtures/bff-on-disk.ts';
import { holdVerdicts } from './hold-verdicts.ts';

holdVerdicts({ bff: web, ...readBff('bff-web') });
