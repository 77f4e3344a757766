"""The optimized integrations: APIs of their own, whose requests are those of an API of AWS or are listed in the table.

Written like a service of `aws-sdk:`. More of an action: `p` its patterns (r request and response, s .sync, 2 .sync:2,
t .waitForTaskToken), `doubt` patterns on which AWS's pages disagree, `rule` the managed EventBridge rule, `stop` what ends the
job, `sync` and `sync2` what
.sync and .sync:2 give, `more` errors that no API lists. `?` in the place of the IAM prefix: what stands before the errors is a
guess.
"""

import names
import service

# What the SDK for Java v1 adds to each result.
METADATA = ("SdkHttpMetadata", "SdkResponseMetadata")
TYPES = {"int": "integer", "bool": "boolean", "array": "list", "object": "structure", "float": "double"}


class Made:
    """Shapes that no API has."""

    def __init__(self, api):
        self.api = {"shapes": dict(api["shapes"]) if api else {}}

    def add(self, name, shape):
        self.api["shapes"][name] = shape
        return name

    def of(self, name, parameter):
        """A parameter of the table as a shape of botocore."""
        if "shape" in parameter and parameter["shape"] in self.api["shapes"]:
            return parameter["shape"]
        kind = TYPES.get(parameter["type"], parameter["type"])
        shape = {key: parameter[key] for key in ("enum", "min", "max", "pattern") if key in parameter}
        if kind == "json" or (kind == "structure" and "members" not in parameter) or (kind == "map" and "values" not in parameter):
            return "*json"
        if kind == "structure":
            return self.structure(name, parameter["members"])
        if kind == "list":
            shape["member"] = {"shape": self.of(name + "Item", parameter["items"])}
        if kind == "map":
            shape["key"] = {"shape": self.add(name + "Key", {"type": "string"})}
            shape["value"] = {"shape": self.of(name + "Value", parameter["values"])}
        return self.add(name, {"type": kind, **shape})

    def structure(self, name, members):
        shape = {"type": "structure", "members": {}, "required": []}
        for member, parameter in members.items():
            target = self.of(f"{name}.{member}", parameter)
            shape["members"][member] = {"shape": target, "jsonvalue": True} if target == "*json" else {"shape": target}
            if parameter.get("required"):
                shape["required"].append(member)
        return self.add(name, shape)

    def loosened(self, paths):
        """Members that take any JSON: the service makes text of it."""
        for path in paths:
            name, member = path.split(".")
            shape = dict(self.api["shapes"][name])
            shape["members"] = {**shape["members"], member: {**shape["members"][member], "jsonvalue": True}}
            self.api["shapes"][name] = shape

    def or_text(self, names):
        """Structures for which a text may stand: the SDK for Java v1 makes one of it."""
        for name in names:
            self.api["shapes"][name] = {**self.api["shapes"][name], "text": True}

    def result(self, name, members, output=None):
        """A result with what the SDK adds to it."""
        shape = dict(self.api["shapes"].get(output, {"type": "structure", "members": {}}))
        shape["members"] = {**shape.get("members", {}), **{m: {"shape": "*json", "jsonvalue": True} for m in members}}
        return self.add(name, shape)


def at(api, path):
    """The shape at `DescribeTasks tasks[]`."""
    operation, *rest = path.split()
    name = api["operations"][operation]["output"]["shape"]
    for part in rest[0].split(".") if rest else []:
        name = api["shapes"][name]["members"][part.removesuffix("[]")]["shape"]
        if part.endswith("[]"):
            name = api["shapes"][name]["member"]["shape"]
    return name


def text(name, table, apis, by_botocore):
    """One service of optimized integrations as text."""
    made, actions = {}, []
    api_names = [call["api"].split(":")[0] if "api" in call else None for call in table["calls"].values()]
    models = {by_botocore.get(api_name) for api_name in api_names if api_name} | {call["model"] for call in table["calls"].values() if call.get("model")}
    shapes = {}
    for model in sorted(models):
        # Two APIs under one name (bedrock): their shapes are told apart.
        prefix = f"{model}/" if len(models) > 1 else ""
        shapes.update({prefix + key: renamed(shape, prefix) for key, shape in apis[model]["shapes"].items()})
    made = Made({"shapes": shapes})
    for action, call in sorted(table["calls"].items()):
        more = {"p": call["patterns"]}
        for key, field in (("doubt", "patterns_in_doubt"), ("rule", "rule"), ("stop", "stop")):
            if field in call:
                more[key] = call[field]
        if call.get("errors"):
            more["more"] = " ".join(call["errors"])
        made.loosened(call.get("json", []))
        made.or_text(call.get("text", []))
        entry = {"name": action, "api": names.first_upper(action), "errors": [], "more": more}
        if "api" in call:
            botocore, operation_name = call["api"].split(":")
            model = by_botocore[botocore]
            prefix = f"{model}/" if len(models) > 1 else ""
            operation = apis[model]["operations"][operation_name]
            entry["api"] = operation_name
            entry["input"] = prefix + operation["input"]["shape"] if "input" in operation else None
            output = operation.get("output", {}).get("shape")
            entry["output"] = made.result(f"*{action}", METADATA, output and prefix + output)
            entry["errors"] = sorted({error["shape"] for error in operation.get("errors", [])})
            if call.get("sync"):
                entry["sync"] = prefix + at(apis[model], call["sync"])
            if "2" in call["patterns"]:
                made.add("*parsed", {**made.api["shapes"][entry["sync"]]})
                made.loosened(["*parsed.input", "*parsed.output"])
                entry["sync2"] = "*parsed"
        else:
            entry["input"] = made.structure(f"*{action}Request", call["parameters"])
            if "output" in call:
                entry["output"] = made.result(f"*{action}", [*call["output"], *METADATA])
        actions.append(entry)
    head = (table["errors"], name, "?" if table.get("guessed") else "")
    found = service.Shapes(made.api, lambda member: (names.first_upper(member), False))
    return service.write(head, actions, found, names.optimized_error)


def renamed(shape, prefix):
    """A shape whose parts have a prefix."""
    if not prefix:
        return shape
    refer = lambda part: {**part, "shape": prefix + part["shape"]}
    shape = dict(shape)
    if "members" in shape:
        shape["members"] = {key: refer(part) for key, part in shape["members"].items()}
    for key in ("member", "key", "value"):
        if key in shape:
            shape[key] = refer(shape[key])
    return shape
