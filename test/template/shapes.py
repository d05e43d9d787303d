# Holds every value of a template against the shape of the operation that CloudFormation calls with it, as AWS's own models
# have it: members, required ones, enums, patterns, lengths and ranges. `shapes.py TEMPLATE` prints how many values it
# looked at, and a line for each that does not fit.
import json
import re
import sys

import botocore.session

template = json.load(open(sys.argv[1]))
resources = template['Resources']
session = botocore.session.get_session()
place = 'eu-west-1:123456789012'


def resolved(value):
    """A value with texts in place of the functions of CloudFormation."""
    if isinstance(value, list):
        return [resolved(each) for each in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        [(name, argument)] = value.items()
        if name == 'Ref':
            return reference(argument)
        if name == 'Fn::GetAtt':
            return attribute(*argument)
        if name == 'Fn::Sub':
            text = argument if isinstance(argument, str) else argument[0]
            return re.sub(r'\$\{([^!}]*)\}', lambda found: substitute(found.group(1)), text)
        if name == 'Fn::Join':
            return str(argument[0]).join(str(each) for each in resolved(argument[1]))
        if name == 'Fn::Select':
            return str(resolved(argument[1])[int(argument[0])])
        if name == 'Fn::Split':
            return resolved(argument[1]).split(argument[0])
    return {name: resolved(each) for name, each in value.items()}


def substitute(name):
    return attribute(*name.split('.')) if '.' in name else reference(name)


pseudo = {
    'AWS::AccountId': '123456789012',
    'AWS::Partition': 'aws',
    'AWS::Region': 'eu-west-1',
    'AWS::URLSuffix': 'amazonaws.com',
}


def reference(name):
    if name in pseudo:
        return pseudo[name]
    properties = resources.get(name, {}).get('Properties', {})
    kind = resources.get(name, {}).get('Type')
    if kind == 'AWS::SQS::Queue':
        return f"https://sqs.eu-west-1.amazonaws.com/123456789012/{properties['QueueName']}"
    if kind == 'AWS::SNS::Topic':
        return f"arn:aws:sns:{place}:{properties['TopicName']}"
    if kind == 'AWS::SecretsManager::Secret':
        return f"arn:aws:secretsmanager:{place}:secret:{properties['Name']}-a1B2c3"
    for member in ('FunctionName', 'TableName', 'DashboardName', 'LogGroupName'):
        if member in properties:
            return properties[member]
    return 'a1b2c3d4e5'


def attribute(name, what):
    properties = resources[name]['Properties']
    kind = resources[name]['Type']
    arns = {
        'AWS::SQS::Queue': lambda: f"arn:aws:sqs:{place}:{properties['QueueName']}",
        'AWS::Lambda::Function': lambda: f"arn:aws:lambda:{place}:function:{properties['FunctionName']}",
        'AWS::DynamoDB::Table': lambda: f"arn:aws:dynamodb:{place}:table/{properties['TableName']}",
        'AWS::IAM::Role': lambda: f'arn:aws:iam::123456789012:role/{name}-a1B2c3D4e5F6',
        'AWS::Logs::LogGroup': lambda: f"arn:aws:logs:{place}:log-group:{properties['LogGroupName']}:*",
        'AWS::CloudWatch::Alarm': lambda: f"arn:aws:cloudwatch:{place}:alarm:{properties['AlarmName']}",
    }
    return arns[kind]() if what == 'Arn' else properties[what]


def tags(given):
    return {each['Key']: each['Value'] for each in given}


def as_lambda(of):
    own = {name: each for name, each in of.items() if name not in ('RecursiveLoop', 'Tags')}
    yield 'lambda', 'CreateFunction', own | ({'Tags': tags(of['Tags'])} if 'Tags' in of else {})
    if 'RecursiveLoop' in of:
        recursion = {'FunctionName': of['FunctionName'], 'RecursiveLoop': of['RecursiveLoop']}
        yield 'lambda', 'PutFunctionRecursionConfig', recursion


def as_table(of):
    name = {'TableName': of['TableName']}
    apart = ('TimeToLiveSpecification', 'PointInTimeRecoverySpecification', 'SSESpecification')
    keys = {'SSEEnabled': 'Enabled'}
    encryption = {keys.get(key, key): each for key, each in of['SSESpecification'].items()}
    own = {key: each for key, each in of.items() if key not in apart}
    yield 'dynamodb', 'CreateTable', own | {'SSESpecification': encryption}
    yield 'dynamodb', 'UpdateTimeToLive', name | {'TimeToLiveSpecification': of[apart[0]]}
    yield 'dynamodb', 'UpdateContinuousBackups', name | {apart[1]: of[apart[1]]}


def as_role(of):
    document = json.dumps(of['AssumeRolePolicyDocument'])
    own = {key: each for key, each in of.items() if key != 'Policies'}
    yield 'iam', 'CreateRole', own | {'RoleName': 'made-up', 'AssumeRolePolicyDocument': document}
    for policy in of['Policies']:
        inline = {'PolicyName': policy['PolicyName'], 'PolicyDocument': json.dumps(policy['PolicyDocument'])}
        yield 'iam', 'PutRolePolicy', inline | {'RoleName': 'made-up'}


def as_log_group(of):
    name = {'logGroupName': of['LogGroupName']}
    yield 'logs', 'CreateLogGroup', name | ({'kmsKeyId': of['KmsKeyId']} if 'KmsKeyId' in of else {})
    yield 'logs', 'PutRetentionPolicy', name | {'retentionInDays': of['RetentionInDays']}


def plainly(service, operation, **added):
    return lambda of: [(service, operation, of | added)]


def as_policy(of):
    document = json.dumps(of['PolicyDocument'])
    return [('iam', 'CreatePolicy', of | {'PolicyName': 'made-up', 'PolicyDocument': document})]


def as_text(value):
    return json.dumps(value) if isinstance(value, dict) else str(value).lower() if isinstance(value, bool) else str(value)


def as_queue(of):
    attributes = {name: as_text(each) for name, each in of.items() if name != 'QueueName'}
    return [('sqs', 'CreateQueue', {'QueueName': of['QueueName'], 'Attributes': attributes})]


def as_queue_policy(of):
    attributes = {'Policy': json.dumps(of['PolicyDocument'])}
    return [('sqs', 'SetQueueAttributes', {'QueueUrl': of['Queues'][0], 'Attributes': attributes})]


def as_topic_policy(of):
    text = json.dumps(of['PolicyDocument'])
    topic = {'TopicArn': of['Topics'][0], 'AttributeName': 'Policy', 'AttributeValue': text}
    return [('sns', 'SetTopicAttributes', topic)]


def as_bucket(of):
    name = {'Bucket': 'made-up'}
    rules = [
        {'ApplyServerSideEncryptionByDefault': rule['ServerSideEncryptionByDefault']}
        for rule in of['BucketEncryption']['ServerSideEncryptionConfiguration']
    ]
    yield 's3', 'PutBucketEncryption', name | {'ServerSideEncryptionConfiguration': {'Rules': rules}}
    block = {'PublicAccessBlockConfiguration': of['PublicAccessBlockConfiguration']}
    yield 's3', 'PutPublicAccessBlock', name | block


def as_bucket_policy(of):
    return [('s3', 'PutBucketPolicy', {'Bucket': of['Bucket'], 'Policy': json.dumps(of['PolicyDocument'])})]


# What each type is made with.
calls = {
    'AWS::ApiGatewayV2::Api': plainly('apigatewayv2', 'CreateApi'),
    'AWS::ApiGatewayV2::Integration': plainly('apigatewayv2', 'CreateIntegration'),
    'AWS::ApiGatewayV2::Route': plainly('apigatewayv2', 'CreateRoute'),
    'AWS::ApiGatewayV2::Stage': plainly('apigatewayv2', 'CreateStage'),
    'AWS::CloudWatch::Alarm': plainly('cloudwatch', 'PutMetricAlarm'),
    'AWS::CloudWatch::Dashboard': plainly('cloudwatch', 'PutDashboard'),
    'AWS::DynamoDB::Table': as_table,
    'AWS::IAM::ManagedPolicy': as_policy,
    'AWS::IAM::Role': as_role,
    'AWS::Lambda::EventSourceMapping': plainly('lambda', 'CreateEventSourceMapping'),
    'AWS::Lambda::Function': as_lambda,
    'AWS::Lambda::Permission': plainly('lambda', 'AddPermission', StatementId='made-up'),
    'AWS::Logs::LogGroup': as_log_group,
    'AWS::S3::Bucket': as_bucket,
    'AWS::S3::BucketPolicy': as_bucket_policy,
    'AWS::SNS::Subscription': plainly('sns', 'Subscribe'),
    'AWS::SNS::Topic': lambda of: [('sns', 'CreateTopic', {'Name': of['TopicName']})],
    'AWS::SNS::TopicPolicy': as_topic_policy,
    'AWS::SQS::Queue': as_queue,
    'AWS::SQS::QueuePolicy': as_queue_policy,
    'AWS::SSM::Parameter': plainly('ssm', 'PutParameter'),
    'AWS::SecretsManager::Secret': plainly('secretsmanager', 'CreateSecret'),
}

seen = 0
problems = []


def judge(shape, value, where):
    global seen
    kind = shape.type_name
    if kind == 'structure':
        if not isinstance(value, dict):
            problems.append(f'{where} is no object')
            return
        for name in value:
            if name not in shape.members:
                problems.append(f'{where} has no member {name}')
            else:
                judge(shape.members[name], value[name], f'{where}.{name}')
        for name in shape.required_members:
            if name not in value:
                problems.append(f'{where} wants {name}')
        return
    if kind == 'list':
        measure(shape, len(value), where)
        for index, each in enumerate(value):
            judge(shape.member, each, f'{where}.{index}')
        return
    if kind == 'map':
        measure(shape, len(value), where)
        for name, each in value.items():
            judge(shape.key, name, f'{where}.{name}')
            judge(shape.value, each, f'{where}.{name}')
        return
    seen += 1
    if kind == 'boolean':
        if str(value).lower() not in ('true', 'false'):
            problems.append(f'{where} is no truth value')
    elif kind in ('integer', 'long', 'double', 'float'):
        try:
            measure(shape, float(value), where)
        except (TypeError, ValueError):
            problems.append(f'{where} is no number')
    elif kind == 'string':
        text = str(value)
        measure(shape, len(text), where)
        if shape.enum and text not in shape.enum:
            problems.append(f'{where} is {text}, and may be {", ".join(shape.enum)}')
        pattern = shape.metadata.get('pattern')
        if pattern and not fits(pattern, text):
            problems.append(f'{where} is {text}, which {pattern} does not match')


def fits(pattern, text):
    try:
        return re.fullmatch(pattern, text, re.DOTALL) is not None
    except re.error:
        # Some are written for Java.
        return True


def measure(shape, size, where):
    least, most = shape.metadata.get('min'), shape.metadata.get('max')
    if least is not None and size < float(least):
        problems.append(f'{where} is below {least}')
    if most is not None and size > float(most):
        problems.append(f'{where} is above {most}')


for logical_id, resource in resources.items():
    kind = resource['Type']
    if kind not in calls:
        problems.append(f'{logical_id}: nobody has said what {kind} is made with')
        continue
    for service, operation, value in calls[kind](resolved(resource.get('Properties', {}))):
        judge(
            session.get_service_model(service).operation_model(operation).input_shape,
            value,
            f'{logical_id} ({operation})',
        )

print(seen)
for problem in problems:
    print(problem)
