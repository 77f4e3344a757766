"""The services of `aws-sdk:` integrations."""

import names
import service


def shape_of(operation, part):
    return operation.get(part, {}).get("shape")


def custom(api, changes):
    """The shapes as the SDK for Java has them, where it changes what the API says."""
    shapes = {}
    for name, change in (changes or {}).items():
        shape = dict(api["shapes"][name])
        members = dict(shape["members"])
        for member in change.get("add", []):
            members[member["name"]] = {"shape": member["shape"]}
        for member in change.get("json", []):
            members[member] = {**members[member], "jsonvalue": True}
        renamed = change.get("rename", {})
        shape["members"] = {renamed.get(member, member): target for member, target in members.items()}
        shape["required"] = [member for member in shape.get("required", []) if member not in change.get("optional", [])]
        shapes[name] = shape
    return shapes


def text(name, known, api, iam_prefix):
    """A service as text."""
    prefix = names.service_prefix(api["metadata"]["serviceId"])
    assert prefix.lower() == name, (prefix, name)
    errors = known.get("errors", {})
    actions = []
    for operation_name, operation in sorted(api["operations"].items()):
        more = {}
        if operation_name in known.get("unsupported", []):
            more["no"] = "listed"
        elif service.is_stream(api, operation.get("input")) or service.is_stream(api, operation.get("output")):
            more["no"] = "stream"
        actions.append(
            {
                "name": names.uncapitalized(operation_name),
                "api": operation_name,
                "input": shape_of(operation, "input"),
                "output": shape_of(operation, "output"),
                "errors": sorted({error["shape"] for error in operation.get("errors", [])}),
                "more": more,
            }
        )
    shapes = service.Shapes(api, names.sdk_member, custom(api, known.get("shapes")))
    head = (prefix, known["botocore"], iam_prefix or "")
    return service.write(head, actions, shapes, lambda shape: errors.get(shape) or names.sdk_error(shape))
