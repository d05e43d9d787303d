"""
Starts MiniStack with the changes that the run needs, each of which ministack.ts names and checks to be needed still; with
--plain as it is shipped. Its settings come from the environment.
"""

import hashlib

from ministack.app import main
from ministack.core import lambda_runtime
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs
from ministack.services.cloudformation import provisioners

from json_filters import JsonFilter
from run_server import run


def teach():
    # MiniStack looks for handlers in .js and .mjs alone. Lambda's own client knows .cjs, too.
    script = lambda_runtime._NODEJS_WORKER_SCRIPT
    knows = "let handlerFn = null;\nconst { _extensions } = require('module');\n_extensions['.cjs'] ??= _extensions['.js'];"
    lambda_runtime._NODEJS_WORKER_SCRIPT = script.replace("let handlerFn = null;", knows, 1)

    # MiniStack refuses alarms on metric math, and with them the stack. They get a name, and no alarm.
    alarms = provisioners._RESOURCE_HANDLERS["AWS::CloudWatch::Alarm"]
    create, update = alarms["create"], alarms["update"]

    def unless_it_is_math(make, properties):
        try:
            return make()
        except ValueError as error:
            if "metric math" not in str(error):
                raise
            name = properties["AlarmName"]
            return name, {"Arn": f"arn:aws:cloudwatch:{get_region()}:{get_account_id()}:alarm:{name}"}

    alarms["create"] = lambda logical_id, properties, stack: unless_it_is_math(
        lambda: create(logical_id, properties, stack), properties
    )
    alarms["update"] = lambda physical_id, old, new, *rest: unless_it_is_math(
        lambda: update(physical_id, old, new, *rest), new
    )

    # MiniStack lets every line through a filter that compares JSON fields.
    compile_terms = cloudwatch_logs._compile_filter_pattern

    def compile_terms_or_fields(pattern):
        return JsonFilter(pattern).matches if pattern.startswith("{") else compile_terms(pattern)

    cloudwatch_logs._compile_filter_pattern = compile_terms_or_fields

    # MiniStack gives lines no id, which AWS always does.
    answer = cloudwatch_logs.json_response

    def answer_with_ids(body, *rest):
        for event in body.get("events", []):
            line = f"{event['timestamp']} {event.get('logStreamName')} {event['message']}"
            event.setdefault("eventId", hashlib.sha256(line.encode()).hexdigest())
        return answer(body, *rest)

    cloudwatch_logs.json_response = answer_with_ids


run(teach, lambda _arguments: main())
