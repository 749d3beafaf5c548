// Holds bff-mobile to the table of what is not everybody's.
import { mobile } from '../../../bff-mobile/bff.ts';
import { readBff } from '../../supergraph/fixtures/bff-on-disk.ts';
import { holdVerdicts } from './hold-verdicts.ts';

holdVerdicts({ bff: mobile, ...readBff('bff-mobile') });
