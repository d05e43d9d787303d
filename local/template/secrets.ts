import { localTypes } from './resource-types.ts';
import type { SecretDescription } from './stack-description.ts';
import type { StackResources } from './stack-resources.ts';
import { TemplateError } from './template-error.ts';

export function describeSecrets(resources: StackResources): SecretDescription[] {
  return resources.ofType(localTypes.secret).map(({ logicalId }) => {
    const properties = resources.properties(logicalId, {
      read: ['Description', 'GenerateSecretString', 'Name', 'SecretString'],
      passedOver: ['KmsKeyId', 'Tags'],
    });
    if (properties.has('GenerateSecretString'))
      throw new TemplateError(
        `${logicalId}.GenerateSecretString`,
        'a generated value would be known to nobody: create the secret empty and fill it',
      );
    return {
      logicalId,
      name: resources.secretName(logicalId),
      description: properties.text('Description'),
      value: properties.text('SecretString'),
    };
  });
}
