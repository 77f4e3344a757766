"""A service of botocore as the text that `model/src/service.rs` reads: one line an error, an action, a shape.

    head     Prefix ⇥ botocore's name ⇥ IAM prefix ⇥ errors ⇥ actions
    error    name [⇥ the API's name, where it is another]
    action   name ⇥ the API's name ⇥ input ⇥ output ⇥ errors ⇥ more, as key=value
    shape    by its first letter:
             { members `Name!?~:shape` (! required, ? idempotency token, ~ also without `Value`)    | the same, only one of them
             {" the same, or a text that stands for it
             [ item, min, max          < key, value, min, max
             s min, max, pattern       e values       i l d f min, max       b boolean  t time  x blob: min, max  j any JSON

Shapes that are equal are one shape, whatever their names.
"""

import gzip
import json
import pathlib
import re

NUMBERS = {"integer": "i", "long": "l", "double": "d", "float": "f"}
NAME = re.compile(r"[A-Za-z0-9_.\-]+\Z")


def load(botocore, name):
    """The newest version of a service."""
    folder = max((pathlib.Path(botocore) / "data" / name).iterdir())
    return json.loads(gzip.decompress((folder / "service-2.json.gz").read_bytes()))


def number(value):
    if value is None:
        return ""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def row(*fields):
    """Fields with tabs between, without those at the end that are empty."""
    return "\t".join(fields).rstrip("\t")


def is_stream(api, shape):
    """Whether events go through it, which Step Functions can't do."""
    if shape is None:
        return False
    members = api["shapes"][shape["shape"]].get("members", {})
    return any(api["shapes"][member["shape"]].get("eventstream") for member in members.values())


class Shapes:
    """The shapes of a service, each written once."""

    def __init__(self, api, member_name, added=None):
        self.shapes = dict(api["shapes"])
        self.shapes.update(added or {})
        self.member_name = member_name
        self.order = []
        self.seen = set()

    def need(self, name):
        """Takes a shape and what it is made of."""
        stack = [name]
        while stack:
            current = stack.pop()
            if current in self.seen:
                continue
            self.seen.add(current)
            self.order.append(current)
            stack.extend(reversed(list(self.parts(current))))

    def members(self, shape):
        for member, target in shape.get("members", {}).items():
            if target.get("jsonvalue"):
                yield member, "*json", target
            else:
                yield member, target["shape"], target

    def parts(self, name):
        if name == "*json":
            return
        shape = self.shapes[name]
        match shape["type"]:
            case "structure":
                for _, target, _ in self.members(shape):
                    yield target
            case "list":
                yield shape["member"]["shape"]
            case "map":
                yield shape["key"]["shape"]
                yield shape["value"]["shape"]

    def line(self, name, of):
        """A shape as text; `of` says what stands for another."""
        if name == "*json":
            return "j"
        shape = self.shapes[name]
        low, high = number(shape.get("min")), number(shape.get("max"))
        match shape["type"]:
            case "structure" if shape.get("document"):
                return "j"
            case "structure":
                required = set(shape.get("required", []))
                fields = []
                for member, target, reference in self.members(shape):
                    spelled, renamed = self.member_name(member)
                    assert NAME.match(spelled), spelled
                    marks = "!" * (member in required) + "?" * bool(reference.get("idempotencyToken")) + "~" * renamed
                    fields.append(f"{spelled}{marks}:{of(target)}")
                kind = "|" if shape.get("union") else '{"' if shape.get("text") else "{"
                return row(kind, *sorted(fields))
            case "list":
                return row("[" + str(of(shape["member"]["shape"])), low, high)
            case "map":
                return row("<" + str(of(shape["key"]["shape"])), str(of(shape["value"]["shape"])), low, high)
            case "string" if "enum" in shape:
                assert all("\t" not in value and "\n" not in value for value in shape["enum"])
                return row("e", *shape["enum"])
            case "string" | "character":
                pattern = shape.get("pattern", "").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
                return row("s", low, high, "" if pattern in (".*", "^.*$") else pattern)
            case "blob":
                return row("x", low, high)
            case "timestamp":
                return "t"
            case "boolean":
                return "b"
            case "json":
                return "j"
            case kind:
                return row(NUMBERS[kind], low, high)

    def write(self):
        """The lines, and which line each name has."""
        classes = dict.fromkeys(self.order, 0)
        count = 1
        while True:
            # Shapes are equal as long as nothing tells them or their parts apart.
            lines = {name: (classes[name], self.line(name, classes.__getitem__)) for name in self.order}
            numbers = {}
            classes = {name: numbers.setdefault(lines[name], len(numbers)) for name in self.order}
            if len(numbers) == count:
                break
            count = len(numbers)
        first = {}
        for name in self.order:
            first.setdefault(classes[name], name)
        return [self.line(name, classes.__getitem__) for name in first.values()], classes


def write(head, actions, shapes, error_name):
    """The text of a service. `actions`: name, API, input, output, errors, more."""
    errors = sorted({error for action in actions for error in action["errors"]})
    spelled = sorted({(error_name(error), error) for error in errors})
    index = {api: position for position, (_, api) in enumerate(spelled)}
    actions = sorted(actions, key=lambda action: action["name"])
    for action in actions:
        for part in ("input", "output", "sync", "sync2"):
            if action.get(part):
                shapes.need(action[part])
    lines, classes = shapes.write()
    out = [row(*head, str(len(spelled)), str(len(actions)))]
    out += [row(name, api if api != name else "") for name, api in spelled]
    for action in actions:
        refer = lambda part: str(classes[action[part]]) if action.get(part) else "-"
        more = dict(action.get("more", {}))
        more.update({part: refer(part) for part in ("sync", "sync2") if action.get(part)})
        known = " ".join(str(position) for position in sorted(index[error] for error in action["errors"]))
        out.append(row(action["name"], action["api"], refer("input"), refer("output"), known, *(f"{k}={v}" for k, v in sorted(more.items()))))
    return "\n".join(out + lines) + "\n"
