"""
Starts moto's server with the changes that the run needs, each of which moto.ts names and checks to be needed still; with
--plain as it is shipped. The other arguments are the server's.
"""

import json

from moto.cloudformation.models import CloudFormationBackend
from moto.core.common_models import CloudFormationModel
from moto.iam.models import Role
from moto.logs.utils import EventMessageFilter
from moto.secretsmanager.models import SecretsManagerBackend, secretsmanager_backends
from moto.server import main

from json_filters import JsonFilter
from run_server import run


def teach():
    # moto refuses a template for every warning of a linter, one of which the packager itself causes.
    CloudFormationBackend.validate_template = lambda self, template: []

    # moto forgets the outputs of a stack that a change set updates.
    execute_change_set = CloudFormationBackend.execute_change_set

    def execute_and_read_outputs(self, change_set_name, stack_name=None):
        execute_change_set(self, change_set_name, stack_name)
        for stack in self.stacks.values():
            if stack_name in (stack.name, stack.stack_id):
                stack._parse_template()
                stack.output_map = stack._create_output_map()

    CloudFormationBackend.execute_change_set = execute_and_read_outputs

    # moto answers an inline policy out of a template as Python writes it, which no client can read.
    def put_policy(self, name, policy):
        self.policies[name] = policy if isinstance(policy, str) else json.dumps(policy)

    Role.put_policy = put_policy

    # moto lets every line through a filter that compares JSON fields.
    read_terms = EventMessageFilter.__init__

    def read_terms_or_fields(self, pattern):
        if pattern and pattern.startswith("{"):
            self.filter_type = JsonFilter(pattern)
        else:
            read_terms(self, pattern)

    EventMessageFilter.__init__ = read_terms_or_fields

    # moto goes on reading the version that AWSCURRENT was moved away from.
    get_secret_value = SecretsManagerBackend.get_secret_value

    def get_current_value(self, secret_id, version_id, version_stage):
        stage = version_stage if version_stage or version_id else "AWSCURRENT"
        return get_secret_value(self, secret_id, version_id, stage)

    SecretsManagerBackend.get_secret_value = get_current_value

    # moto's CloudFormation leaves secrets out, and everything that refers to them stays empty: its own Secrets Manager makes them.
    class Secret(CloudFormationModel):
        # moto files its models by the second part of their module's name.
        __module__ = "moto.secretsmanager"

        def __init__(self, arn):
            self.physical_resource_id = arn

        @staticmethod
        def cloudformation_name_type():
            return "Name"

        @staticmethod
        def cloudformation_type():
            return "AWS::SecretsManager::Secret"

        @classmethod
        def create_from_cloudformation_json(cls, name, resource, account, region, **_):
            properties = resource["Properties"]
            created = secretsmanager_backends[account][region].create_secret(
                name=name,
                secret_string=properties.get("SecretString"),
                secret_binary=None,
                description=properties.get("Description"),
                tags=None,
                kms_key_id=properties.get("KmsKeyId"),
                client_request_token=None,
                replica_regions=[],
                force_overwrite=False,
            )
            return cls(json.loads(created)["ARN"])

        @classmethod
        def update_from_cloudformation_json(cls, original_resource, **_):
            return original_resource

        @classmethod
        def delete_from_cloudformation_json(cls, name, _resource, account, region):
            secretsmanager_backends[account][region].delete_secret(name, None, True)

    return Secret


run(teach, main)
