# Which commands the AWS CLI 1 does not know: reads a list of {service, operation, options} from stdin, and prints a line for
# each that its own models do not have. What is added to a later CLI by hand, such as `aws logs tail`, is in no model.
import json
import sys

import botocore.exceptions
import botocore.session
from botocore import xform_name

# Options of every command.
everywhere = {'query', 'output', 'region', 'profile', 'endpoint-url'}
session = botocore.session.get_session()


def problem(service, operation, options):
    try:
        model = session.get_service_model(service)
    except botocore.exceptions.UnknownServiceError:
        return 'there is no such service'
    if operation.startswith('wait '):
        waiters = session.get_waiter_model(service).waiter_names
        names = {xform_name(name, '-') for name in waiters}
        return None if operation[5:] in names else 'there is no such waiter'
    names = {xform_name(name, '-'): name for name in model.operation_names}
    if operation not in names:
        return 'there is no such operation'
    shape = model.operation_model(names[operation]).input_shape
    members = {xform_name(name, '-') for name in shape.members} if shape else set()
    known = everywhere | members | {f'no-{name}' for name in members}
    unknown = [option for option in options if option not in known]
    return f'there is no option --{unknown[0]}' if unknown else None


for command in json.load(sys.stdin):
    found = problem(**command)
    if found:
        print(f"aws {command['service']} {command['operation']}: {found}")
