import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// It is CommonJS whose names Node cannot see beforehand.
import cloudFormationValidate from '@aws/cloudformation-validate';
import type { Template } from './template.ts';

/** One thing that AWS's validator does not like. */
export interface Finding {
  readonly rule: string;
  readonly severity: string;
  readonly message: string;
  /** The logical id, or what else of the template it is about. */
  readonly about: string;
}

export interface Validator {
  /** Everything from a warning upwards. */
  findings(template: Template): Promise<Finding[]>;
  close(): Promise<void>;
}

/** AWS's own validator of templates. Starting it takes seconds, each template a part of one. */
export async function startValidator(): Promise<Validator> {
  const { CelEngine, TemplateFile } = cloudFormationValidate;
  const engine = new CelEngine();
  const folder = await mkdtemp(join(tmpdir(), 'relay-template-'));
  const file = join(folder, 'template.json');
  return {
    async findings(template) {
      await writeFile(file, JSON.stringify(template));
      const { diagnostics } = engine.validateStandard(new TemplateFile(file), { severityLevel: 'WARN' });
      return diagnostics.map(({ ruleId, severity, message, entity }) => ({
        rule: ruleId,
        severity,
        message,
        about: entity?.logicalId ?? '',
      }));
    },
    async close() {
      engine.free();
      await rm(folder, { recursive: true });
    },
  };
}
