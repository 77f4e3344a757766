"""LocalStack community 4.14.0 as a plain process: no container, no account, nothing downloaded at run time.

Installed files stay as they are. In memory, this

- listens on the loopback address only;
- evaluates JSONata with the package `jsonata-python` in place of a JVM;
- answers for DynamoDB, ECS, Batch and Glue with moto, which LocalStack depends on anyway, and lets Step Functions wait
  for their jobs (`.sync`);
- lets DynamoDB's writes be atomic, which moto's are not when they come at the same time;
- gives back the tracing configuration of a state machine, which LocalStack forgets;
- enforces the IAM policies of roles (see `enforcement.py`).

Usage: localstack_server.py PORT FOLDER
"""

import functools
import hashlib
import json
import os
import sys
import threading
import uuid

PORT, FOLDER = sys.argv[1], os.path.abspath(sys.argv[2])
sys.argv = sys.argv[:1]
os.makedirs(os.path.join(FOLDER, "tmp"), exist_ok=True)
os.environ.update(
    GATEWAY_LISTEN=f"127.0.0.1:{PORT}",
    LOCALSTACK_VOLUME_DIR=FOLDER,
    FILESYSTEM_ROOT=FOLDER,
    TMPDIR=os.path.join(FOLDER, "tmp"),
    OVERRIDE_IN_DOCKER="0",
    DISABLE_EVENTS="1",
    SKIP_SSL_CERT_DOWNLOAD="1",
    EAGER_SERVICE_LOADING="0",
    DNS_ADDRESS="0",
)

FROM_MOTO = ["dynamodb", "ecs", "batch", "glue"]


def listen_on_loopback_only():
    from twisted.internet.endpoints import TCP4ServerEndpoint

    original = TCP4ServerEndpoint.__init__

    @functools.wraps(original)
    def init(self, reactor, port, backlog=50, interface=""):
        original(self, reactor, port, backlog, interface or "127.0.0.1")

    TCP4ServerEndpoint.__init__ = init


def evaluate_jsonata_in_python():
    from localstack.services.stepfunctions.asl.component.intrinsic import jsonata as functions
    from localstack.services.stepfunctions.asl.jsonata import jsonata as engine

    def digest(value, algorithm="SHA-256"):
        return hashlib.new(algorithm.replace("-", "").lower(), value.encode()).hexdigest()

    def evaluate(expression):
        import jsonata

        try:
            compiled = jsonata.Jsonata(expression)
            compiled.register_lambda("hash", digest)
            compiled.register_lambda("uuid", lambda *_: str(uuid.uuid4()))
            return json.loads(json.dumps(compiled.evaluate(None)))
        except Exception as error:
            raise engine.JSONataException("UNKNOWN", str(error)) from error

    engine._eval_jsonata = evaluate
    for name in ("$hash", "$uuid"):
        functions._DECLARATION_BY_VARIABLE_REFERENCE.pop(name, None)


def answer_with_moto():
    import localstack.aws.handlers.service_plugin as plugin
    from localstack.aws.skeleton import Skeleton
    from localstack.aws.spec import load_service
    from localstack.services.moto import _proxy_moto
    from localstack.services.plugins import SERVICE_PLUGINS, Service, ServiceContainer, ServiceState
    from moto.core.config import default_user_config

    registry = type(SERVICE_PLUGINS)
    exists, enabled = registry.exists, plugin.is_api_enabled
    registry.exists = lambda self, name: name in FROM_MOTO or exists(self, name)
    plugin.is_api_enabled = lambda api: api in FROM_MOTO or enabled(api)
    one_at_a_time = threading.Lock()

    def atomic(context, request):
        # DynamoDB looks at the condition of a write and writes in one go; moto lets another thread in between.
        with one_at_a_time:
            return _proxy_moto(context, request)

    for name in FROM_MOTO:
        model = load_service(name)
        answer = atomic if name == "dynamodb" else _proxy_moto
        skeleton = Skeleton(model, dict.fromkeys(model.operation_names, answer))
        service = Service(name, skeleton=skeleton)
        SERVICE_PLUGINS._services[name] = ServiceContainer(service, ServiceState.AVAILABLE)
    default_user_config["batch"]["use_docker"] = False
    default_user_config["lambda"]["use_docker"] = False


def wait_for_jobs():
    from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.service import (
        resource,
        state_task_service_unsupported as unsupported,
    )

    patterns = unsupported._SUPPORTED_INTEGRATION_PATTERNS
    patterns.update({resource.ResourceCondition.Sync, resource.ResourceCondition.Sync2})


def remember_tracing():
    from localstack.services.stepfunctions.provider import StepFunctionsProvider as Provider

    remembered = {}
    create, update, describe = (
        getattr(Provider, name) for name in ("create_state_machine", "update_state_machine", "describe_state_machine")
    )

    @functools.wraps(create)
    def creating(self, context, *args, **kwargs):
        made = create(self, context, *args, **kwargs)
        request = kwargs.get("request") or (args[0] if args else {})
        remembered[made["stateMachineArn"]] = request.get("tracingConfiguration")
        return made

    @functools.wraps(update)
    def updating(self, context, *args, **kwargs):
        made = update(self, context, *args, **kwargs)
        if kwargs.get("tracing_configuration") is not None:
            remembered[kwargs["state_machine_arn"]] = kwargs["tracing_configuration"]
        return made

    @functools.wraps(describe)
    def describing(self, context, *args, **kwargs):
        found = describe(self, context, *args, **kwargs)
        machine = ":".join(found["stateMachineArn"].split(":")[:7])
        found["tracingConfiguration"] = remembered.get(machine) or {"enabled": False}
        return found

    Provider.create_state_machine = creating
    Provider.update_state_machine = updating
    Provider.describe_state_machine = describing


listen_on_loopback_only()
evaluate_jsonata_in_python()
answer_with_moto()
wait_for_jobs()
remember_tracing()

import enforcement  # noqa: E402

enforcement.install()

from localstack.runtime.main import main  # noqa: E402

main()
