import { compareWithMoto } from '../moto.ts';
import { differences } from './moto-differences.ts';
import { ruleContext } from './rule.ts';
import { rules } from './rules.ts';

await compareWithMoto({ service: 'Secrets Manager', rules, differences, open: ruleContext });
