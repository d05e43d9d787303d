"""Starts moto's server with the changes that a deploy with change sets needs; the arguments are the server's."""

import json
import os
import sys
import threading

from moto.cloudformation.models import CloudFormationBackend
from moto.iam.models import Role
from moto.server import main

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


def end_with_the_parent():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_the_parent, daemon=True).start()
main(sys.argv[1:])
