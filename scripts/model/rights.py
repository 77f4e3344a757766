"""Which IAM actions each call needs, and on which resources: the text that `model/src/rights.rs` reads.

A line is a call: its name, then fields. `=` begins a statement with its actions. An ARN is a resource, `!` before one that is
needed whatever the request says; the others are alternatives, taken when the request names them. `?` the members of which one
must be set for the statement to be needed (`?A=x,y`: to one of these), `%` a condition, `@` a role that is passed on: its member and the service that gets
it, `+` actions that AWS lists as needed besides.

In an ARN, `{Member}` is filled from the request: `{Member|default}` if it is absent, `{Member:filter}` changed as `model/src/hole.rs` says,
`{Member[]}` for each of a list, `{}` what no member tells.
"""

import re

import names
import service

WRITES = {"Write", "Tagging, Write", "Permissions management, Write"}
CREATES = {"Create", "Submit", "Start", "Run", "Register", "Import", "Request", "Allocate"}
VERBS = re.compile(r"[A-Z][a-z]+")
VARIABLE = re.compile(r"\$\{([^}]+)\}")
SUFFIXES = ("identifiers", "identifier", "names", "name", "arns", "arn", "ids", "id", "url")
GENERIC = ("name", "id", "arn", "identifier", "resourcearn", "resourceid", "resourceidentifier", "resource", "resourcename")
# Services that are about roles: their members name a role without passing it.
TAGGING = re.compile(r"(Tag|Untag)Resource|(Add|List|Remove)Tags")
NO_PASSING = {"iam", "sts", "sso", "identitystore", "rolesanywhere", "accessanalyzer"}


def stem(name):
    """What a name is about: `DBInstanceIdentifier` and `DbInstanceName` are one."""
    low = re.sub(r"[^a-z0-9]", "", name.lower())
    for suffix in SUFFIXES:
        if low.endswith(suffix) and low != suffix:
            return low.removesuffix(suffix)
    return low


class Members:
    """The members of a request that can name a resource."""

    def __init__(self, api, operation, member_name):
        self.found, self.required = {}, set()
        self.api, self.member_name = api, member_name
        shape = api["shapes"].get(operation.get("input", {}).get("shape"), {})
        self.shape = shape
        for member, target in shape.get("members", {}).items():
            kind = api["shapes"][target["shape"]]
            name = member_name(member)
            if self.is_text(kind):
                self.found[name] = "{" + name + "}"
            elif kind["type"] == "list" and self.is_text(api["shapes"][kind["member"]["shape"]]):
                self.found[name] = "{" + name + "[]}"
            if member in shape.get("required", []):
                self.required.add(name)

    @staticmethod
    def is_text(shape):
        return shape["type"] == "string" and "enum" not in shape

    def stems(self):
        for name, hole in self.found.items():
            base = stem(name)
            yield name, base, hole
            if hole.endswith("[]}") and base.endswith("s"):
                yield name, base[:-1], hole

    def by_stem(self, wanted, variable, creates):
        """The members that are about something: the required ones, else whichever is there."""
        hits = set()
        for name, base, hole in self.stems():
            # What is made gets its identifier later; its name is another.
            made = creates and variable.lower().endswith("id") and name.lower().endswith("name")
            if base == wanted and not made:
                hits.add((name not in self.required, hole.endswith("[]}"), name, hole))
        if not hits:
            return None
        hits = sorted(hits)
        kept = [hit for hit in hits if hit[:2] == hits[0][:2]]
        return "{" + ",".join(hit[3][1:-1] for hit in kept) + "}"

    def by_ending(self, wanted):
        """A member that says a little more or less than what is looked for: `DbSubnetGroupName` for `SubnetGroupName`."""
        hits = []
        for name, base, hole in self.stems():
            if re.match("Source|Target|Dest|New|Final|Option", name) or min(len(base), len(wanted)) < 5:
                continue
            if base.endswith(wanted) or wanted.endswith(base):
                hits.append((name not in self.required, abs(len(base) - len(wanted)), name, hole))
        return min(hits)[3] if hits else None

    def generic(self, verb, variable):
        by_low = {name.lower(): (name, hole) for name, hole in self.found.items()}
        others = [
            name for name in self.required if name.lower() not in GENERIC and re.search(r"(?<!Role)(Id|Arn|Identifier)$", name)
        ]
        for low in GENERIC:
            if low not in by_low:
                continue
            if low.endswith("name") and (others or (verb == "Create" and re.search(r"(?i)id$", variable))):
                continue
            return by_low[low][1]
        return None

    def roles(self):
        """The members that name a role, at any depth."""
        found, seen = [], set()

        def visit(shape, path, depth):
            for member, target in sorted(shape.get("members", {}).items()):
                kind, many = self.api["shapes"][target["shape"]], ""
                name = self.member_name(member)
                if kind["type"] == "list":
                    kind, many = self.api["shapes"][kind["member"]["shape"]], "[]"
                if self.is_text(kind) and is_role(member):
                    found.append(f"{path}{name}{many}")
                elif kind["type"] == "structure" and depth < 4 and id(kind) not in seen:
                    seen.add(id(kind))
                    visit(kind, f"{path}{name}{many}.", depth + 1)
                    seen.discard(id(kind))

        visit(self.shape, "", 0)
        return found


def is_role(member):
    low = member.lower()
    return low.endswith(("role", "rolearn", "rolearns", "iamroles")) and low != "keyrole"


class Engine:
    """Finds the rights of one service's calls."""

    def __init__(self, reference, table):
        self.reference, self.table = reference, table
        self.counts = {}

    def prefix(self, name, api, botocore):
        """The IAM prefix that has most of the service's operations."""
        meta = api["metadata"]
        if name in self.table["prefixes"]:
            return self.table["prefixes"][name]
        options = dict.fromkeys((meta.get("signingName"), meta["endpointPrefix"], botocore, name))
        known = [option for option in options if option in self.reference.actions]
        covered = lambda option: sum(operation.lower() in self.reference.actions[option] for operation in api["operations"])
        return max(known, key=covered, default=None)

    def action(self, prefix, operation):
        """The action of an operation: of the same name, or the one whose page is that operation's."""
        same = self.reference.action(prefix, operation)
        if same:
            return same["name"]
        pages = self.reference.documented.get((prefix, operation.lower()), set())
        known = [name for name in pages if self.reference.action(prefix, name)]
        return known[0] if len(known) == 1 else None

    def resource(self, prefix, kind, arn, operation, members):
        """An ARN with the members that fill it, and whether any does."""
        verb = (VERBS.match(operation) or [""])[0]
        noun = stem(operation[len(verb):])
        if arn.endswith("*") and not VARIABLE.search(arn):
            # The reference hides the identifier of some: `task:*`.
            arn = arn[:-1] + "${" + kind + "}"
        variables = VARIABLE.findall(arn)
        table = {**self.table["variables"]["*"], **self.table["variables"].get(prefix, {})}
        holes = []
        for position, variable in enumerate(variables):
            last = position == len(variables) - 1
            holes.append(self.hole(variable, last, kind, verb, noun, table, operation, members))
        for position, hole in enumerate(holes):
            # One member fills one place: an ARN the last, a name the first.
            if hole.startswith("{") and hole != "{}" and hole in holes[:position]:
                other = holes.index(hole)
                holes[other if re.search(r"(?i)arn[}\[]", hole) else position] = "*"
        bound = any(hole.startswith("{") and hole != "{}" for hole in holes)
        remaining = iter(holes)
        return VARIABLE.sub(lambda _: next(remaining), arn), bound

    def hole(self, variable, last, kind, verb, noun, table, operation, members):
        """What stands for a variable of an ARN."""
        options = table.get(variable, "").split()
        if options and options[0][0] in "*$":
            return options[0]
        found = [option for option in options if re.match(r"\w+", option) and re.match(r"\w+", option)[0] in members.found]
        if found:
            return "{" + found[0] + "}"
        if options == ["-"]:
            return "{}"
        creates = verb in CREATES
        found = members.by_stem(stem(variable), variable, creates)
        if not found and last:
            found = members.by_stem(stem(kind), variable, creates)
            tagging = TAGGING.match(operation)
            about = tagging or stem(kind) == noun or noun.startswith(stem(kind))
            found = found or (about and (members.generic(verb, variable) or members.by_ending(stem(kind)))) or None
        return found or "{}"

    def resources(self, prefix, action, operation, members):
        """The resources of an action: those that are always needed, and the alternatives."""
        found = []
        for kind in sorted(self.reference.action(prefix, action)["resourceTypes"], key=lambda kind: kind["name"]):
            arn = self.reference.arn(prefix, kind["name"])
            if arn:
                template, bound = self.resource(prefix, kind["name"], arn, operation, members)
                # A whole ARN in the last place stands for all that comes before.
                found.append((kind["required"], bound, template))
        bound = [item for item in found if item[1]]
        kept = [item for item in found if item[0] or item[1]] if bound or any(item[0] for item in found) else found
        return list(dict.fromkeys(("!" if required else "") + template for required, _, template in kept)), bool(bound)

    def call(self, name, prefix, api, operation_name, member_name):
        """The fields of a call, or none if nothing is known."""
        operation = api["operations"][operation_name]
        call = f"{name}:{names.uncapitalized(operation_name)}"
        if call in self.table["calls"]:
            self.count("table")
            return self.table["calls"][call]
        members = Members(api, operation, member_name)
        action = prefix and self.action(prefix, operation_name)
        if not action:
            if prefix == "apigateway":
                self.count("by method")
                return self.by_method(operation, api, member_name)
            self.count("unknown")
            return None
        fields = [f"={prefix}:{action}"]
        resources, bound = self.resources(prefix, action, operation_name, members)
        fields += resources
        complete = bound and not any("{}" in arn for arn in resources)
        self.count("exact" if complete else "partly" if bound else "type" if resources else "any")
        needs = list(self.reference.needs(prefix, action))
        known = self.reference.action(prefix, action)
        if known["accessLevel"] in WRITES and name not in NO_PASSING:
            roles = members.roles()
            fields += [f"@{role} {self.receiver(name, operation_name, role)}".strip() for role in roles]
            if roles:
                needs = [need for need in needs if need != "iam:PassRole"]
        if needs:
            fields.append("+" + " ".join(needs))
        return fields

    def receiver(self, name, operation, role):
        """The service that gets a role: said for the call and the member, for the member, or for all of a service."""
        member = role.split(".")[-1].removesuffix("[]")
        for key in (f"{name}:{names.uncapitalized(operation)}:{member}", f"{name}:{member}", name):
            if key in self.table["passed_to"]:
                return self.table["passed_to"][key]
        return ""

    def by_method(self, operation, api, member_name):
        """API Gateway's own: the HTTP method on the path."""
        shape = api["shapes"].get(operation.get("input", {}).get("shape"), {})
        places = {t.get("locationName", m): member_name(m) for m, t in shape.get("members", {}).items() if t.get("location") == "uri"}
        path = operation["http"]["requestUri"].split("?")[0]
        path = re.sub(r"\{([^}+]+)\+?\}", lambda match: "{" + places[match[1]] + "}", path)
        return [f"=apigateway:{operation['http']['method']}", f"!arn:$p:apigateway:$r::{path}"]

    def count(self, what):
        self.counts[what] = self.counts.get(what, 0) + 1

    def text(self, name, prefix, api):
        """A service as text."""
        member = lambda text: names.sdk_member(text)[0]
        lines = []
        for operation in sorted(api["operations"], key=names.uncapitalized):
            fields = self.call(name, prefix, api, operation, member)
            if fields:
                lines.append("\t".join((names.uncapitalized(operation), *fields)))
        return "".join(line + "\n" for line in sorted(lines, key=lambda line: line.split("\t")[0]))


def optimized_text(table):
    """The rights of optimized integrations, which are known by heart."""
    return "".join("\t".join((call, *fields)) + "\n" for call, fields in sorted(table["optimized"].items()))
