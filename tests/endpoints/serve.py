"""A program that uses Step Functions through boto3, as any other does. Prints JSON; an assertion that fails ends it.

Usage: serve.py ENDPOINT SCENARIO ARGUMENTS…
"""

import http.client
import json
import sys
import threading
import time
import urllib.parse
from unittest.mock import ANY

import boto3
from botocore.config import Config

ENDPOINT, SCENARIO, *ARGUMENTS = sys.argv[1:]
ROLE = "arn:aws:iam::123456789012:role/worker"
# Addresses have no subdomains, so `sync-` is not put before this one.
CONFIG = Config(inject_host_prefix=False, retries={"total_max_attempts": 1}, read_timeout=70)
states = boto3.client(
    "stepfunctions",
    endpoint_url=ENDPOINT,
    region_name="us-east-1",
    aws_access_key_id="test",
    aws_secret_access_key="test",
    config=CONFIG,
)
errors = states.exceptions


def definition(**named):
    names = list(named)
    following = dict(zip(names, names[1:]))
    for name, state in named.items():
        if state["Type"] not in ("Succeed", "Fail", "Choice"):
            state.update({"Next": following[name]} if name in following else {"End": True})
    return json.dumps({"StartAt": names[0], "States": named})


def create(name, machine, **more):
    return states.create_state_machine(name=name, definition=machine, roleArn=ROLE, **more)["stateMachineArn"]


def start(machine, value=None, **more):
    return states.start_execution(stateMachineArn=machine, input=json.dumps(value or {}), **more)["executionArn"]


def wait(execution, status="SUCCEEDED"):
    for _ in range(500):
        described = states.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            assert described["status"] == status, described
            return described
        time.sleep(0.02)
    raise AssertionError("it runs still")


def history(execution, **more):
    pages = states.get_paginator("get_execution_history").paginate(executionArn=execution, **more)
    return [event for page in pages for event in page["events"]]


def until(found):
    for _ in range(500):
        if (value := found()) is not None:
            return value
        time.sleep(0.02)
    raise AssertionError("it does not come")


def refuses(error, call, says="", **arguments):
    try:
        call(**arguments)
    except error as refusal:
        assert says in str(refusal), str(refusal)
        return refusal.response
    raise AssertionError(f"{arguments} was accepted")


def send(operation, body, **headers):
    connection = http.client.HTTPConnection(urllib.parse.urlparse(ENDPOINT).netloc)
    connection.request("POST", "/", body, {"X-Amz-Target": f"AWSStepFunctions.{operation}", **headers})
    return connection


GREET = {"Type": "Pass", "Parameters": {"greeting.$": "States.Format('hello, {}', $.name)"}}


def execution():
    before = time.time()
    machine = create("greeter", definition(Think={"Type": "Wait", "Seconds": 1}, Greet=GREET))
    running = start(machine, {"name": "Ada"}, name="first")
    # Asking again for the same is fine while it runs.
    assert start(machine, {"name": "Ada"}, name="first") == running
    refuses(errors.ExecutionAlreadyExists, start, machine=machine, value={"name": "Eve"}, name="first")
    ended = wait(running)
    assert json.loads(ended["output"]) == {"greeting": "hello, Ada"} and json.loads(ended["input"]) == {"name": "Ada"}
    assert before < ended["startDate"].timestamp() + 1 and ended["stopDate"].timestamp() >= ended["startDate"].timestamp() + 1
    refuses(errors.ExecutionAlreadyExists, start, machine=machine, value={"name": "Ada"}, name="first")
    events = history(running)
    assert [event["id"] for event in history(running, reverseOrder=True, PaginationConfig={"PageSize": 2})] == [
        event["id"] for event in reversed(events)
    ]
    bare = history(running, includeExecutionData=False)
    assert "input" not in bare[0]["executionStartedEventDetails"], bare[0]
    assert abs(events[0]["timestamp"].timestamp() - before) < 30
    of = states.describe_state_machine_for_execution(executionArn=running)
    assert of["stateMachineArn"] == machine and of["roleArn"] == ROLE
    states.get_execution_history(executionArn=running, maxResults=0)
    meta = states.describe_execution(executionArn=running, includedData="METADATA_ONLY")
    assert "output" not in meta and meta["inputDetails"] == {"included": False}
    return {"types": [event["type"] for event in events], "details": events[-1]["executionSucceededEventDetails"]}


def sync():
    failing = {"Type": "Fail", "Error": "Out.Of.Tea", "Cause": "again"}
    quick = create("quick", definition(Think={"Type": "Wait", "Seconds": 1}, Greet=GREET), type="EXPRESS")
    answer = states.start_sync_execution(stateMachineArn=quick, input='{"name": "Ada"}')
    assert answer["status"] == "SUCCEEDED" and json.loads(answer["output"]) == {"greeting": "hello, Ada"}
    assert answer["billingDetails"]["billedDurationInMilliseconds"] >= 1000, answer["billingDetails"]
    bad = create("bad", definition(Fail=failing), type="EXPRESS")
    answer = states.start_sync_execution(stateMachineArn=bad)
    assert (answer["status"], answer["error"], answer["cause"]) == ("FAILED", "Out.Of.Tea", "again")
    # The host does not matter, nor whether others wait at the same time.
    results = []
    body = json.dumps({"stateMachineArn": quick, "input": '{"name": "Eve"}'})

    def call():
        connection = send("StartSyncExecution", body, Host="sync-states.us-east-1.amazonaws.com")
        results.append(json.loads(json.load(connection.getresponse())["output"]))

    begun = time.time()
    threads = [threading.Thread(target=call) for _ in range(5)]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    assert results == [{"greeting": "hello, Eve"}] * 5 and time.time() - begun < 3
    refuses(errors.StateMachineTypeNotSupported, states.list_executions, stateMachineArn=quick)
    express = start(quick, {"name": "Ada"})
    assert ":express:quick:" in express
    refuses(errors.InvalidArn, states.describe_execution, executionArn=express)
    standard = create("slow", definition(Greet=GREET))
    refuses(errors.StateMachineTypeNotSupported, states.start_sync_execution, stateMachineArn=standard)
    return {}


def activity():
    made = states.create_activity(name="check", tags=[{"key": "team", "value": "a"}])["activityArn"]
    assert states.create_activity(name="check")["activityArn"] == made
    assert states.describe_activity(activityArn=made)["name"] == "check"
    work = {"Type": "Task", "Resource": made, "HeartbeatSeconds": 5, "Retry": [{"ErrorEquals": ["Busy"], "IntervalSeconds": 1}]}
    machine = create("checked", definition(Check=work))
    taken = []
    poll = threading.Thread(target=lambda: taken.append(states.get_activity_task(activityArn=made, workerName="w1")))
    poll.start()
    time.sleep(0.2)
    running = start(machine, {"n": 1})
    poll.join()
    assert json.loads(taken[0]["input"]) == {"n": 1}
    token = taken[0]["taskToken"]
    states.send_task_heartbeat(taskToken=token)
    refuses(errors.InvalidOutput, states.send_task_success, taskToken=token, output="{")
    states.send_task_failure(taskToken=token, error="Busy", cause="later")
    refuses(errors.TaskTimedOut, states.send_task_success, taskToken=token, output="{}")
    # The second try waits for a worker before one comes.
    until(lambda: next((event for event in history(running) if event["type"] == "ActivityFailed"), None))
    time.sleep(1.2)
    again = states.get_activity_task(activityArn=made)
    states.send_task_success(taskToken=again["taskToken"], output='{"ok": true}')
    assert json.loads(wait(running)["output"]) == {"ok": True}
    refuses(errors.InvalidToken, states.send_task_heartbeat, taskToken="nonsense")
    refuses(errors.TaskDoesNotExist, states.send_task_heartbeat, taskToken="AQCEAAAAKgAAAAMAAAAA0000")

    # A worker who hangs up takes no task; a task whose execution was stopped is given to nobody.
    gone = send("GetActivityTask", json.dumps({"activityArn": made}))
    time.sleep(0.2)
    gone.close()
    time.sleep(0.2)
    states.stop_execution(executionArn=start(machine, {"n": 2}))
    running = start(machine, {"n": 3})
    task = states.get_activity_task(activityArn=made)
    assert json.loads(task["input"]) == {"n": 3}
    states.send_task_success(taskToken=task["taskToken"], output="null")
    wait(running)

    assert [item["name"] for item in states.list_activities()["activities"]] == ["check"]
    states.delete_activity(activityArn=made)
    refuses(errors.ActivityDoesNotExist, states.describe_activity, activityArn=made)
    refuses(errors.ActivityDoesNotExist, states.get_activity_task, activityArn=made)
    failed = wait(start(machine), "FAILED")
    assert "does not exist" in failed["cause"], failed
    return {}


def callback():
    parameters = {"QueueUrl": "https://example.com/q", "MessageBody": {"token.$": "$$.Task.Token"}}
    resource = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"
    ask = {"Type": "Task", "Resource": resource, "Parameters": parameters}
    machine = create("approval", definition(Ask=ask, Done={"Type": "Pass"}))
    running = start(machine)

    def token():
        scheduled = [event for event in history(running) if event["type"] == "TaskScheduled"]
        if scheduled:
            details = json.loads(scheduled[0]["taskScheduledEventDetails"]["parameters"])
            return details["MessageBody"]["token"]

    states.send_task_success(taskToken=until(token), output='{"approved": true}')
    assert json.loads(wait(running)["output"]) == {"approved": True}
    running = start(machine)
    states.send_task_failure(taskToken=until(token), error="Denied", cause="no")
    failed = wait(running, "FAILED")
    assert (failed["error"], failed["cause"]) == ("Denied", "no")
    return {}


def unanswered():
    call = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Parameters": {"FunctionName": "f"}}
    job = {"Type": "Task", "Resource": "arn:aws:states:::glue:startJobRun.sync", "Parameters": {"JobName": "j"}}
    causes = [wait(start(create(name, definition(A=task))), "FAILED") for name, task in (("call", call), ("job", job))]
    assert all(cause["error"] == "States.TaskFailed" for cause in causes), causes
    assert all("nothing answers the call of `A`" in cause["cause"] for cause in causes), causes
    call["Catch"] = [{"ErrorEquals": ["States.TaskFailed"], "Next": "Done"}]
    wait(start(create("caught", definition(A=call, Done={"Type": "Pass"}))))
    # A loop that lasts for ever ends with its history, and the server goes on.
    spin = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "A"}}})
    wait(start(create("spin", spin)), "FAILED")
    spun = states.start_sync_execution(stateMachineArn=create("spin-express", spin, type="EXPRESS"))
    assert spun["error"] == "States.Runtime" and "a loop that never ends" in spun["cause"], spun
    # A workflow starts another one.
    child = create("child", definition(Greet=GREET))
    nested = {"Type": "Task", "Resource": "arn:aws:states:::states:startExecution.sync:2"}
    nested["Parameters"] = {"StateMachineArn": child, "Input": {"name": "Ada"}}
    parent = wait(start(create("parent", definition(Run=nested))))
    output = json.loads(parent["output"])
    assert output["Output"] == {"greeting": "hello, Ada"}
    of = states.describe_state_machine_for_execution(executionArn=output["ExecutionArn"])
    assert of["stateMachineArn"] == child
    return {}


def lists():
    slow = create("slow", definition(Think={"Type": "Wait", "Seconds": 60}))
    arns = [start(slow, name=f"e{number}") for number in range(5)]
    first = states.list_executions(stateMachineArn=slow, maxResults=2)
    assert [item["name"] for item in first["executions"]] == ["e4", "e3"]
    # What is started meanwhile moves nothing.
    start(slow, name="e5")
    second = states.list_executions(stateMachineArn=slow, maxResults=2, nextToken=first["nextToken"])
    assert [item["name"] for item in second["executions"]] == ["e2", "e1"]
    refuses(errors.InvalidToken, states.list_executions, stateMachineArn=slow, nextToken="x")
    stopped = states.stop_execution(executionArn=arns[0], error="Enough", cause="of it")
    assert stopped["stopDate"].timestamp() > 0
    ended = wait(arns[0], "ABORTED")
    assert (ended["error"], ended["cause"]) == ("Enough", "of it")
    assert history(arns[0])[-1]["executionAbortedEventDetails"] == {"error": "Enough", "cause": "of it"}
    aborted = states.list_executions(stateMachineArn=slow, statusFilter="ABORTED")["executions"]
    assert [item["name"] for item in aborted] == ["e0"] and "stopDate" in aborted[0]
    assert len(states.list_executions(stateMachineArn=slow, statusFilter="RUNNING")["executions"]) == 5
    refuses(errors.ExecutionNotRedrivable, states.redrive_execution, executionArn=arns[1])
    again = states.redrive_execution(executionArn=arns[0], clientToken="a")
    assert states.redrive_execution(executionArn=arns[0], clientToken="a") == again | {"ResponseMetadata": ANY}
    described = states.describe_execution(executionArn=arns[0])
    assert (described["status"], described["redriveCount"], described["redriveDate"]) == ("RUNNING", 1, again["redriveDate"])
    assert "ExecutionRedriven" in [event["type"] for event in history(arns[0])]
    redriven = states.list_executions(stateMachineArn=slow, redriveFilter="REDRIVEN")["executions"]
    assert [item["name"] for item in redriven] == ["e0"]
    states.stop_execution(executionArn=arns[0])
    wait(arns[0], "ABORTED")
    for name in "abc":
        create(name, definition(Done={"Type": "Succeed"}))
    pages = states.get_paginator("list_state_machines").paginate(PaginationConfig={"PageSize": 3})
    names = [[machine["name"] for machine in page["stateMachines"]] for page in pages]
    assert names == [["a", "b", "c"], ["slow"]], names
    states.delete_state_machine(stateMachineArn=slow)
    states.delete_state_machine(stateMachineArn=slow)
    refuses(errors.StateMachineDoesNotExist, start, machine=slow)
    refuses(errors.ExecutionDoesNotExist, states.describe_execution, executionArn=arns[1])
    # Its name is free again, as are those of its executions.
    wait(start(create("slow", definition(Done={"Type": "Succeed"})), name="e0"))
    return {}


def versions():
    said = lambda text: definition(Say={"Type": "Pass", "Result": text})
    made = states.create_state_machine(name="said", definition=said("one"), roleArn=ROLE, publish=True, versionDescription="first")
    machine, one = made["stateMachineArn"], made["stateMachineVersionArn"]
    assert one == f"{machine}:1"
    # What is as it was is not published twice.
    assert states.publish_state_machine_version(stateMachineArn=machine, revisionId="INITIAL")["stateMachineVersionArn"] == one
    changed = states.update_state_machine(stateMachineArn=machine, definition=said("two"), publish=True)
    two = changed["stateMachineVersionArn"]
    assert two == f"{machine}:2" and states.describe_state_machine(stateMachineArn=machine)["revisionId"] == changed["revisionId"]
    refuses(errors.ConflictException, states.publish_state_machine_version, stateMachineArn=machine, revisionId="INITIAL")
    described = states.describe_state_machine(stateMachineArn=one)
    assert described["definition"] == said("one") and described["description"] == "first"
    listed = states.list_state_machine_versions(stateMachineArn=machine)["stateMachineVersions"]
    assert [version["stateMachineVersionArn"] for version in listed] == [two, one]

    route = lambda *pairs: [{"stateMachineVersionArn": version, "weight": weight} for version, weight in pairs]
    alias = states.create_state_machine_alias(name="PROD", routingConfiguration=route((one, 100)))["stateMachineAliasArn"]
    assert alias == f"{machine}:PROD"
    refuses(errors.ConflictException, states.create_state_machine_alias, name="PROD", routingConfiguration=route((two, 100)))
    wrong = refuses(errors.ValidationException, states.create_state_machine_alias, name="X", routingConfiguration=route((one, 50)))
    assert wrong["reason"] == "INVALID_ROUTING_CONFIGURATION", wrong
    refuses(errors.ResourceNotFound, states.create_state_machine_alias, name="X", routingConfiguration=route((f"{machine}:7", 100)))
    running = start(alias)
    ended = wait(running)
    assert json.loads(ended["output"]) == "one"
    assert (ended["stateMachineArn"], ended["stateMachineVersionArn"], ended["stateMachineAliasArn"]) == (machine, one, alias)
    assert states.describe_state_machine_for_execution(executionArn=running)["definition"] == said("one")
    assert json.loads(wait(start(machine))["output"]) == "two"
    states.update_state_machine_alias(stateMachineAliasArn=alias, description="live", routingConfiguration=route((one, 50), (two, 50)))
    described = states.describe_state_machine_alias(stateMachineAliasArn=alias)
    assert described["description"] == "live" and described["routingConfiguration"] == route((one, 50), (two, 50))
    outputs = {json.loads(wait(start(alias))["output"]) for _ in range(20)}
    assert outputs == {"one", "two"}
    assert len(states.list_executions(stateMachineArn=alias)["executions"]) == 21
    assert len(states.list_executions(stateMachineArn=machine)["executions"]) == 22
    refuses(errors.ConflictException, states.delete_state_machine_version, stateMachineVersionArn=one, says="PROD")
    of_one = states.list_state_machine_aliases(stateMachineArn=one)["stateMachineAliases"]
    assert [item["stateMachineAliasArn"] for item in of_one] == [alias]
    states.delete_state_machine_alias(stateMachineAliasArn=alias)
    refuses(errors.ResourceNotFound, states.describe_state_machine_alias, stateMachineAliasArn=alias)
    states.delete_state_machine_version(stateMachineVersionArn=one)
    refuses(errors.StateMachineDoesNotExist, start, machine=one)
    assert json.loads(wait(start(two))["output"]) == "two"
    return {}


def map_run():
    item = {
        "StartAt": "Choose",
        "States": {
            "Choose": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.Items[0]", "NumericEquals": 2, "Next": "Break"}],
                "Default": "Wait",
            },
            "Break": {"Type": "Fail", "Error": "Odd"},
            "Wait": {"Type": "Wait", "Seconds": 1, "End": True},
        },
        "ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"},
    }
    each = {"Type": "Map", "MaxConcurrency": 1, "ItemProcessor": item, "ItemBatcher": {"MaxItemsPerBatch": 2}}
    each |= {"ToleratedFailurePercentage": 50, "Label": "Each"}
    machine = create("each", definition(Each=each))
    execution = start(machine, [0, 1, 2, 3, 4, 5, 6])
    (run,) = until(lambda: states.list_map_runs(executionArn=execution)["mapRuns"] or None)
    described = states.describe_map_run(mapRunArn=run["mapRunArn"])
    assert (described["status"], described["maxConcurrency"]) == ("RUNNING", 1), described
    assert described["itemCounts"]["total"] == 7 and described["executionCounts"]["total"] == 4
    # One after the other, it takes three seconds; the rest at once, two.
    states.update_map_run(mapRunArn=run["mapRunArn"], maxConcurrency=5)
    ended = wait(execution)
    assert (ended["stopDate"] - ended["startDate"]).total_seconds() < 2.5, ended
    described = states.describe_map_run(mapRunArn=run["mapRunArn"])
    counts = described["itemCounts"]
    assert (described["status"], counts["succeeded"], counts["failed"]) == ("SUCCEEDED", 5, 2), described
    children = states.list_executions(mapRunArn=run["mapRunArn"])["executions"]
    assert [child["itemCount"] for child in children] == [1, 2, 2, 2], children
    (failed,) = states.list_executions(mapRunArn=run["mapRunArn"], statusFilter="FAILED")["executions"]
    assert states.describe_execution(executionArn=failed["executionArn"])["mapRunArn"] == run["mapRunArn"]
    assert [e["executionArn"] for e in states.list_executions(stateMachineArn=machine)["executions"]] == [execution]
    refuses(errors.ValidationException, states.update_map_run, mapRunArn=run["mapRunArn"], toleratedFailurePercentage=101)
    return {}


def refusals():
    machine = create("a", definition(Done={"Type": "Succeed"}), tags=[{"key": "team", "value": "x"}])
    assert create("a", definition(Done={"Type": "Succeed"})) == machine
    refuses(errors.StateMachineAlreadyExists, create, name="a", machine=definition(Done={"Type": "Pass"}))
    refuses(errors.InvalidName, create, name="a b", machine=definition(Done={"Type": "Succeed"}))
    lost = json.dumps({"StartAt": "A", "States": {"A": {"Type": "Pass", "Next": "B"}}})
    says = "'MISSING_TRANSITION_TARGET: Missing 'Next' target: B at /States/A/Next'"
    refuses(errors.InvalidDefinition, create, says, name="b", machine=lost)
    refuses(errors.InvalidDefinition, states.update_state_machine, stateMachineArn=machine, definition="{")
    refuses(errors.MissingRequiredParameter, states.update_state_machine, stateMachineArn=machine)
    refuses(errors.InvalidArn, states.describe_state_machine, stateMachineArn="a")
    refuses(errors.StateMachineDoesNotExist, states.describe_state_machine, stateMachineArn=machine + "x")
    refuses(errors.InvalidExecutionInput, states.start_execution, stateMachineArn=machine, input="{")
    refuses(errors.InvalidName, start, machine=machine, name="a/b")
    refuses(errors.ExecutionDoesNotExist, states.get_execution_history, executionArn=machine.replace("stateMachine", "execution") + ":x")
    refuses(errors.ValidationException, states.create_state_machine, name="d", definition=lost, roleArn=ROLE, versionDescription="x")
    refuses(errors.InvalidLoggingConfiguration, create, name="l", machine=definition(Done={"Type": "Succeed"}), loggingConfiguration={"level": "ALL"})

    found = states.validate_state_machine_definition(definition=lost)
    assert found["result"] == "FAIL" and found["diagnostics"][0]["location"] == "/States/A/Next", found
    assert states.validate_state_machine_definition(definition=definition(Done={"Type": "Succeed"}))["result"] == "OK"

    state = {"Type": "Pass", "Result": 7, "Next": "B"}
    tested = states.test_state(definition=json.dumps(state), inspectionLevel="DEBUG")
    assert (tested["status"], tested["output"], tested["nextState"]) == ("SUCCEEDED", "7", "B"), tested
    refuses(errors.InvalidExecutionInput, states.test_state, definition=json.dumps(state), input="{")
    refuses(errors.ExecutionDoesNotExist, states.list_map_runs, executionArn=machine.replace("stateMachine", "execution") + ":x")
    refuses(errors.ResourceNotFound, states.describe_map_run, mapRunArn=machine.replace("stateMachine", "mapRun") + "/m:x")

    tags = lambda: {tag["key"]: tag["value"] for tag in states.list_tags_for_resource(resourceArn=machine)["tags"]}
    assert tags() == {"team": "x"}
    states.tag_resource(resourceArn=machine, tags=[{"key": "team", "value": "y"}, {"key": "stage", "value": "test"}])
    states.untag_resource(resourceArn=machine, tagKeys=["stage", "none"])
    assert tags() == {"team": "y"}
    refuses(errors.TooManyTags, states.tag_resource, resourceArn=machine, tags=[{"key": f"k{n}", "value": ""} for n in range(50)])
    refuses(errors.ResourceNotFound, states.list_tags_for_resource, resourceArn=machine + "x")
    return {}


def given():
    machines = states.list_state_machines()["stateMachines"]
    outputs = {machine["name"]: json.loads(wait(start(machine["stateMachineArn"]))["output"]) for machine in machines}
    return outputs


print(json.dumps(globals()[SCENARIO](*ARGUMENTS)))
