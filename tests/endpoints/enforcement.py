"""IAM inside LocalStack, which has none of its own.

A call that was signed with credentials of an assumed role is let through only if the role's policies allow it. A role
that does not trust the service can't be given to a state machine or a schedule. Calls with other credentials are not
looked at. Conditions count as met.
"""

import json
import re
from urllib.parse import unquote

SERVICES = {"stepfunctions": "states"}
OPERATIONS = {("lambda", "Invoke"): "InvokeFunction"}


def as_list(value):
    return value if isinstance(value, list) else [value]


def matches(pattern, text):
    wanted = "".join({"*": ".*", "?": "."}.get(c, re.escape(c)) for c in pattern)
    return re.fullmatch(wanted, text, re.IGNORECASE | re.DOTALL) is not None


def allows(documents, action, resources):
    """Whether the action is allowed on one of the resources, which are all that the call can be said to be about."""
    allowed = False
    for statement in (s for document in documents for s in as_list(document["Statement"])):
        if not any(matches(pattern, action) for pattern in as_list(statement["Action"])):
            continue
        if not any(matches(pattern, r) for pattern in as_list(statement["Resource"]) for r in resources):
            continue
        if statement["Effect"] == "Deny":
            return False
        allowed = True
    return allowed


def policies_of(role, account):
    from moto.iam.models import iam_backends

    backend = iam_backends[account]["aws"]
    texts = [backend.get_role_policy(role, name)[1] for name in backend.list_role_policies(role)]
    for policy in backend.list_attached_role_policies(role)[0]:
        texts.append(next(version for version in policy.versions if version.is_default).document)
    return [json.loads(text if text.lstrip().startswith("{") else unquote(text)) for text in texts]


def role_behind(access_key):
    from moto.sts.models import sts_backends

    for account, regions in list(sts_backends.items()):
        for role in regions["aws"].assumed_roles:
            if role.access_key_id == access_key:
                return account, role.role_arn.rsplit("/", 1)[-1]
    return None


def trusts(role_arn, service, account):
    from moto.iam.models import iam_backends

    try:
        role = iam_backends[account]["aws"].get_role_by_arn(role_arn)
    except Exception:
        return False
    statements = as_list(json.loads(role.assume_role_policy_document)["Statement"])
    services = [as_list(statement.get("Principal", {}).get("Service", [])) for statement in statements]
    return any(service in names for names in services)


def resources_of(service, operation, request, account, region):
    """The ARNs that a call is about, as the service authorization reference has them."""

    def arn(prefix, name):
        return name if name.startswith("arn:") else f"arn:aws:{prefix.split(':')[0]}:{region}:{account}:{prefix.split(':', 1)[1]}{name}"

    get = (request or {}).get
    found = {
        "dynamodb": lambda: arn("dynamodb:table/", get("TableName", "*")),
        "sqs": lambda: arn("sqs:", get("QueueUrl", "*").rsplit("/", 1)[-1]),
        "sns": lambda: get("TopicArn") or get("TargetArn"),
        "lambda": lambda: arn("lambda:function:", get("FunctionName", "*")),
        "stepfunctions": lambda: get("stateMachineArn") or get("executionArn"),
        "glue": lambda: arn("glue:job/", get("JobName", "*")),
        "batch": lambda: arn("batch:job-definition/", get("jobDefinition")) if get("jobDefinition") else None,
        "ecs": lambda: arn("ecs:task-definition/", get("taskDefinition") + ("" if ":" in get("taskDefinition") else ":1"))
        if get("taskDefinition")
        else arn("ecs:task/", f"{get('cluster', 'default')}/{(get('tasks') or ['*'])[0].rsplit('/', 1)[-1]}"),
    }.get(service, lambda: None)()
    return [found] if found else ["*"]


def refuse(code, message):
    from localstack.aws.api import CommonServiceException

    raise CommonServiceException(code, message, 400, True)


def check(_chain, context, _response):
    if not context.service or not context.operation:
        return
    service, operation, request = context.service.service_name, context.operation.name, context.service_request or {}
    if service == "stepfunctions" and operation in ("CreateStateMachine", "UpdateStateMachine"):
        role = request.get("roleArn")
        if role and not trusts(role, "states.amazonaws.com", context.account_id):
            refuse(
                "AccessDeniedException",
                "Neither the global service principal states.amazonaws.com, nor the regional one is authorized to "
                "assume the provided role.",
            )
    if service == "scheduler" and operation in ("CreateSchedule", "UpdateSchedule"):
        if not trusts(request["Target"].get("RoleArn", ""), "scheduler.amazonaws.com", context.account_id):
            refuse(
                "ValidationException",
                "The execution role you provide must allow AWS EventBridge Scheduler to assume the role.",
            )
    key = re.search(r"Credential=([^/]+)/", context.request.headers.get("Authorization", ""))
    role = role_behind(key.group(1)) if key and service != "sts" else None
    if role is None:
        return
    account, name = role
    action = f"{SERVICES.get(service, service)}:{OPERATIONS.get((service, operation), operation)}"
    resources = resources_of(service, operation, request, context.account_id, context.region)
    if not allows(policies_of(name, account), action, resources):
        refuse("AccessDeniedException", f"role {name} is not authorized to perform: {action} on resource: {resources[0]}")


def install():
    from localstack.aws import handlers

    handlers.serve_custom_service_request_handlers.append(check)
