"""How Step Functions spells services, actions, members and errors of `aws-sdk:` integrations: as the AWS SDK for Java v2 does.

The rules are those of the SDK's code generator. An optimized integration only makes the first letter large.
"""

import re

# Words that Java keeps for itself, and the methods of every object: the SDK appends `Value`.
RESERVED = frozenset(
    """abstract assert boolean break byte case catch char class const continue default do double else enum extends false
    final finally float for goto if implements import instanceof int interface long native new null package private
    protected public return short static strictfp super switch synchronized this throw throws transient true try void
    volatile while clone equals finalize getClass hashCode notify notifyAll toString wait""".split()
)


def words(name):
    """The words of a name."""
    text = re.sub(r"[^A-Za-z0-9]+", " ", name)
    text = re.sub(r"([^a-z]{2,})v([0-9]+)", r"\1 v\2 ", text)
    text = re.sub(r"([^A-Z]{2,})V([0-9]+)", r"\1 V\2 ", text)
    text = " ".join(re.split(r"(?<=[a-z])(?=[A-Z](?:[a-zA-Z]|[0-9]))", text))
    text = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1 \2", text)
    text = re.sub(r"([0-9])([a-zA-Z])", r"\1 \2", text)
    return text.split()


def pascal(name):
    """`DB Instance` as `DbInstance`."""
    return "".join(word[:1].upper() + word[1:].lower() for word in words(name))


def service_prefix(service_id):
    """What stands before the errors of a service; in small letters it is the service's name."""
    name = pascal(service_id)
    for brand in ("Amazon", "Aws"):
        name = name.removeprefix(brand)
    return name.removesuffix("Service") if name != "Service" else name


def uncapitalized(name):
    """Without its leading capitals: `DBInstance` as `dbInstance`."""
    index = 1
    while index < len(name) and name[index].isupper():
        if index + 1 < len(name) and name[index + 1].islower():
            break
        index += 1
    return name[:index].lower() + name[index:]


def first_upper(name):
    """A member of an optimized integration."""
    return name[:1].upper() + name[1:]


def sdk_member(name):
    """A member of an `aws-sdk:` integration, and whether `Value` was appended to it."""
    lower = uncapitalized(name)
    if lower in RESERVED:
        return first_upper(lower) + "Value", True
    return first_upper(lower), False


def sdk_error(shape):
    """An error of an `aws-sdk:` integration, without its service."""
    name = pascal(shape)
    name = name.removesuffix("Fault") if shape.endswith("Fault") else name
    return name if name.endswith("Exception") else name + "Exception"


def optimized_error(shape):
    """An error of an optimized integration, without its service: as the SDK for Java v1 spells it."""
    name = first_upper(shape)
    name = name.removesuffix("Fault") if shape.endswith("Fault") else name
    return name if name.endswith("Exception") else name + "Exception"
