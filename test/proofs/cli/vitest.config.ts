import { namedTestsConfig } from '../harness/named-tests-config.ts';
import { defects } from './defects.ts';

export default namedTestsConfig(defects);
