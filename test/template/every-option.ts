import { packagedTemplate } from '../../local/template/package.ts';
import { copyProject } from '../support/project-copy.ts';
import { readTemplate, type Template } from './template.ts';

/** As long as a stage's name may be. */
export const longestStage = 'abcdefghijklmnopqrstuvwxyz-01234';

const key = (id: string) => `arn:aws:kms:eu-west-1:123456789012:key/${id}-4b5a-6978-8796-a5b4c3d2e1f0`;

/** The template of a stage with every option on that is off by default. A bundled program must say where the project is. */
export async function templateWithEveryOption(stage: string, projectRoot?: string): Promise<Template> {
  const copy = await copyProject(projectRoot);
  try {
    await copy.edit(
      'serverless.yml',
      [`dataKeyArn: ''`, `dataKeyArn: ${key('0f1e2d3c')}`],
      [`logKeyArn: ''`, `logKeyArn: ${key('1f1e2d3c')}`],
      [`alarmEmail: ''`, 'alarmEmail: on-call@example.com'],
      [`alarmWebhooksPerHour: ''`, 'alarmWebhooksPerHour: 3600000'],
      [`alarmSendsPerHour: ''`, 'alarmSendsPerHour: 20000'],
      [`businessId: ''`, 'businessId: business-1'],
      [`senderNumber: ''`, `senderNumber: '+15555555555'`],
      [`onlyTo: ''`, `onlyTo: '+15555555555,+15555555556'`],
      [`extraTags: ''`, 'extraTags: Owner=payments'],
      [`permissionsBoundaryArn: ''`, 'permissionsBoundaryArn: arn:aws:iam::123456789012:policy/boundary'],
      [`eventsOperator: ''`, 'eventsOperator: role/aws-reserved/sso.amazonaws.com/*/AWSReservedSSO_OnCall_*'],
      ['tracing: false', 'tracing: true'],
      ['deletionPolicy: Delete', 'deletionPolicy: Retain'],
    );
    const packaged = await packagedTemplate({ projectRoot: copy.root, stage, region: 'eu-west-1' });
    return readTemplate(packaged.template);
  } finally {
    await copy.remove();
  }
}
