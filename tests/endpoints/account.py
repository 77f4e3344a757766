"""What a test does in the account of an endpoint beside deploying. Prints JSON.

Usage: account.py ENDPOINT COMMAND ARGUMENTS…

- prepare: everything that the examples use and that is not theirs
- run MACHINE[#CASE] INPUT: an execution to its end
- fire GROUP SCHEDULE: an execution as EventBridge Scheduler would start it, with the schedule's role
- drop ROLE SID: takes a statement out of a role's policy
- put-role NAME: a role that is nobody's
- table NAME: the key, the protection, the TTL attribute and the tags of a table
- put-table NAME KEY: a table that is nobody's
- unprotect NAME: lets a table be deleted
- hold TABLE KEY TOKEN: puts a token into a lock
- holders TABLE KEY: the tokens in a lock
- start-all MACHINE INPUTS: executions, all at once: their ARNs
- stop ARN: stops an execution
- stop-holder TABLE KEY: waits until somebody holds a lock, and stops that execution: its ARN
- histories ARNS: waits for the ends; how each ended, and when it entered and left each state
- executions MACHINE: name, status and input of each
- count: how many roles, state machines, log groups and schedules there are
"""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import boto3

REGION = "eu-central-1"
ENDPOINT, COMMAND, *ARGUMENTS = sys.argv[1:]
PASSWORDS = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}


def client(service, **credentials):
    return boto3.client(service, endpoint_url=ENDPOINT, region_name=REGION, **(credentials or PASSWORDS))


def prepare():
    sns, sqs, glue, ecs, batch, iam = (client(s) for s in ("sns", "sqs", "glue", "ecs", "batch", "iam"))
    for topic in ("reports", "retail-operations", "catalogue-alerts"):
        sns.create_topic(Name=topic)
    for queue in ("sales-approvals", "sales-loaded", "retail-missed-starts"):
        sqs.create_queue(QueueName=queue)
    client("dynamodb").create_table(
        TableName="sales-etl-runs",
        AttributeDefinitions=[{"AttributeName": "pipeline", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pipeline", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    trust = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"Service": "*"}, "Action": "sts:AssumeRole"}]}
    for role in ("retail-batch-task", "retail-batch-task-execution"):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps(trust))
    for job in ("report-table", "report-table-full", "report-table-increment", "sales-transform", "sales-load"):
        glue.create_job(Name=job, Role="glue", Command={"Name": "glueetl"})
    return {}


def run():
    machine, text = ARGUMENTS
    states = client("stepfunctions")
    arn = f"arn:aws:states:{REGION}:{account()}:stateMachine:{machine}"
    return wait(states, states.start_execution(stateMachineArn=arn, input=text)["executionArn"])


def fire():
    group, name = ARGUMENTS
    target = client("scheduler").get_schedule(GroupName=group, Name=name)["Target"]
    role = client("sts").assume_role(RoleArn=target["RoleArn"], RoleSessionName="schedule")["Credentials"]
    as_role = {
        "aws_access_key_id": role["AccessKeyId"],
        "aws_secret_access_key": role["SecretAccessKey"],
        "aws_session_token": role["SessionToken"],
    }
    states = client("stepfunctions", **as_role)
    started = states.start_execution(stateMachineArn=target["Arn"], input=target["Input"])
    return {"executionArn": started["executionArn"], "input": json.loads(target["Input"])}


def wait(states, arn):
    for _ in range(300):
        execution = states.describe_execution(executionArn=arn)
        if execution["status"] != "RUNNING":
            events = states.get_execution_history(executionArn=arn, maxResults=1000)["events"]
            entered = [e["stateEnteredEventDetails"]["name"] for e in events if "stateEnteredEventDetails" in e]
            # Those that the guard wove in are not what is asked for.
            entered = [name for name in entered if not name.startswith("guard/")]
            keys = ("status", "output", "error", "cause")
            return {key: execution.get(key) for key in keys} | {"entered": entered}
        time.sleep(0.1)
    return {"status": "STILL RUNNING"}


def drop():
    role, sid = ARGUMENTS
    iam = client("iam")
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        document = iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"]
        document["Statement"] = [s for s in document["Statement"] if s["Sid"] != sid]
        iam.put_role_policy(RoleName=role, PolicyName=name, PolicyDocument=json.dumps(document))
    return {}


def put_role():
    trust = {"Version": "2012-10-17", "Statement": []}
    client("iam").create_role(RoleName=ARGUMENTS[0], AssumeRolePolicyDocument=json.dumps(trust))
    return {}


def table():
    dynamodb, (name,) = client("dynamodb"), ARGUMENTS
    found = dynamodb.describe_table(TableName=name)["Table"]
    ttl = dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    tags = dynamodb.list_tags_of_resource(ResourceArn=found["TableArn"])["Tags"]
    return {
        "key": [element["AttributeName"] for element in found["KeySchema"]],
        "protected": found.get("DeletionProtectionEnabled", False),
        "ttl": ttl.get("AttributeName"),
        "tags": {tag["Key"]: tag["Value"] for tag in tags},
    }


def put_table():
    name, key = ARGUMENTS
    client("dynamodb").create_table(
        TableName=name,
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"}],
        KeySchema=[{"AttributeName": key, "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    return {}


def unprotect():
    client("dynamodb").update_table(TableName=ARGUMENTS[0], DeletionProtectionEnabled=False)
    return {}


def hold():
    name, key, token = ARGUMENTS
    client("dynamodb").put_item(TableName=name, Item={"pk": {"S": key}, "holders": {"SS": [token]}})
    return {}


def holders():
    name, key = ARGUMENTS
    item = client("dynamodb").get_item(TableName=name, Key={"pk": {"S": key}}).get("Item", {})
    return sorted(item.get("holders", {}).get("SS", []))


def start_all():
    machine, inputs = ARGUMENTS
    states = client("stepfunctions")
    arn = f"arn:aws:states:{REGION}:{account()}:stateMachine:{machine}"
    start = lambda text: states.start_execution(stateMachineArn=arn, input=json.dumps(text))["executionArn"]
    inputs = json.loads(inputs)
    with ThreadPoolExecutor(max(1, len(inputs))) as pool:
        return list(pool.map(start, inputs))


def stop():
    client("stepfunctions").stop_execution(executionArn=ARGUMENTS[0])
    return {}


def stop_holder():
    for _ in range(300):
        for token in holders():
            arn = token.split("|")[1]
            client("stepfunctions").stop_execution(executionArn=arn)
            return arn
        time.sleep(0.1)


def histories():
    states = client("stepfunctions")
    return [history(states, arn) for arn in json.loads(ARGUMENTS[0])]


def history(states, arn):
    patience = time.time() + 240
    while (execution := states.describe_execution(executionArn=arn))["status"] == "RUNNING":
        if time.time() > patience:
            return {"status": "STILL RUNNING", "entered": {}}
        time.sleep(0.2)
    entered, left = {}, {}
    for page in states.get_paginator("get_execution_history").paginate(executionArn=arn):
        for event in page["events"]:
            at = event["timestamp"].timestamp()
            if "stateEnteredEventDetails" in event:
                entered.setdefault(event["stateEnteredEventDetails"]["name"], at)
            if "stateExitedEventDetails" in event:
                left.setdefault(event["stateExitedEventDetails"]["name"], at)
    end = execution["stopDate"].timestamp()
    keys = ("status", "output", "error", "cause", "input")
    return {key: execution.get(key) for key in keys} | {"entered": entered, "left": left, "end": end}


def executions():
    states = client("stepfunctions")
    arn = f"arn:aws:states:{REGION}:{account()}:stateMachine:{ARGUMENTS[0]}"
    found = {}
    for one in states.list_executions(stateMachineArn=arn)["executions"]:
        text = states.describe_execution(executionArn=one["executionArn"])["input"]
        found[one["name"]] = {"status": one["status"], "input": json.loads(text)}
    return found


def count():
    return {
        "roles": len(client("iam").list_roles()["Roles"]),
        "machines": len(client("stepfunctions").list_state_machines()["stateMachines"]),
        "log_groups": len(client("logs").describe_log_groups()["logGroups"]),
        "schedules": len(client("scheduler").list_schedules()["Schedules"]),
    }


def account():
    return client("sts").get_caller_identity()["Account"]


commands = {
    "prepare": prepare,
    "run": run,
    "fire": fire,
    "drop": drop,
    "put-role": put_role,
    "table": table,
    "put-table": put_table,
    "unprotect": unprotect,
    "hold": hold,
    "holders": holders,
    "start-all": start_all,
    "stop": stop,
    "stop-holder": stop_holder,
    "histories": histories,
    "executions": executions,
    "count": count,
}
print(json.dumps(commands[COMMAND]()))
