"""CloudFormation's change sets and failures.

moto 5.2.5 applies a change set and forgets the outputs, calls a resource of a type that it does not know complete, and leaves what it has
made when one fails. Here the outputs are there, an unknown type fails, each resource has its events, and a first creation that fails is
rolled back. An update that fails is not: moto can't, and says UPDATE_ROLLBACK_FAILED.
"""

import re

from moto.cloudformation import parsing, responses
from moto.cloudformation.exceptions import AlreadyExistsException, ValidationError
from moto.cloudformation.models import ChangeSet, CloudFormationBackend, Event, Stack, cloudformation_backends
from moto.cloudformation.parsing import ResourceMap


def note(stack, logical_id, kind, status, reason=None, physical_id=""):
    stack.events.append(Event(stack.stack_id, stack.name, logical_id, physical_id, kind, status, reason, None))


def create(logical_id, resource_json, resources_map, account_id, region_name, make=parsing.parse_and_create_resource):
    condition = resource_json.get("Condition")
    if condition and not resources_map.lazy_condition_map[condition]:
        return None
    stack = cloudformation_backends[account_id][region_name].stacks[resources_map.stack_id]
    kind = resource_json["Type"]
    try:
        resource = make(logical_id, resource_json, resources_map, account_id=account_id, region_name=region_name)
        if resource is None:
            raise ValidationError(message=f"moto does not know the type {kind}")
    except Exception as error:
        note(stack, logical_id, kind, "CREATE_FAILED", getattr(error, "message", None) or str(error))
        raise
    note(stack, logical_id, kind, "CREATE_COMPLETE", physical_id=getattr(resource, "physical_resource_id", ""))
    return resource


def update(logical_id, resource_json, resources_map, account_id, region_name, change=parsing.parse_and_update_resource):
    """Changes, makes or removes it, as its condition says now. What moto can't change stays as it is."""
    made, condition = resources_map._parsed_resources, resource_json.get("Condition")
    resource = made.get(logical_id)
    if condition and not resources_map.lazy_condition_map[condition]:
        if resource is not None:
            resources_map._delete_resource(resource, resource_json)
        return None
    if resource is None:
        made.pop(logical_id, None)
        return resources_map[logical_id]
    return change(logical_id, resource_json, resources_map, account_id=account_id, region_name=region_name) or resource


def build_resource_diff(self, other_template, parameters=None, diff=ResourceMap.build_resource_diff):
    """A condition changes with the parameters, without a change in the resource."""
    found = diff(self, other_template, parameters)
    if parameters and parameters != self.input_parameters:
        known = found["Add"] + found["Modify"]
        resources = other_template["Resources"]
        found["Modify"] += [name for name in resources if "Condition" in resources[name] and name not in known]
    return found


def all_parameters(template, given):
    """Those that were given and the defaults of the others, as texts."""
    declared = Stack.parse_template(template).get("Parameters", {})
    values = {name: given.get(name, parameter.get("Default")) for name, parameter in declared.items()}
    return {name: str(value) for name, value in values.items() if value is not None}


def clean_json(value, resources, clean=parsing.clean_json):
    """What is put into a text is not looked at again: it may have a `${` of its own, for AWS IoT to fill in."""
    if not isinstance(value, dict) or "Fn::Sub" not in value:
        return clean(value, resources)
    given = value["Fn::Sub"]
    text, own = given if isinstance(given, list) else (given, {})

    def resolved(match):
        name = match[1]
        if name.startswith("!"):
            return "${" + name[1:] + "}"
        named = {"Fn::GetAtt": name.split(".", 1)} if "." in name else {"Ref": name}
        return str(parsing.clean_json(own.get(name, named), resources))

    return re.sub(r"\$\{([^}]+)\}", resolved, text)


def references(template, direct=parsing.get_references_from_template):
    """What a resource depends on stands in its texts too."""
    if isinstance(template, str):
        return re.findall(r"\$\{([^!}.]+)\}", template)
    if isinstance(template, dict):
        return direct({k: v for k, v in template.items() if k == "Ref"}) + [r for v in template.values() for r in references(v)]
    return [r for value in template for r in references(value)] if isinstance(template, list) else []


def apply(self):
    stack = self.stack
    stack.resource_map.update(self.template_dict, self.parameters)
    stack.template, stack.template_dict, stack.parameters = self.template, self.template_dict, self.parameters
    stack.description = self.template_dict.get("Description")
    stack.output_map = stack._create_output_map()


def create_change_set(self, stack_name, change_set_name, template, parameters, change_set_type, make=CloudFormationBackend.create_change_set, **more):
    known = [stack for stack in self.stacks.values() if stack.name == stack_name]
    if change_set_type == "CREATE" and known:
        if known[0].status != "REVIEW_IN_PROGRESS":
            raise AlreadyExistsException(f"Stack [{stack_name}] already exists and cannot be created again")
        # Of another change set that was never executed.
        del self.stacks[known[0].stack_id]
    if change_set_type == "UPDATE" and known and known[0].status == "ROLLBACK_COMPLETE":
        message = f"Stack:{known[0].stack_id} is in ROLLBACK_COMPLETE state and can not be updated."
        raise ValidationError(stack_name, message=message)
    return make(
        self,
        stack_name=stack_name,
        change_set_name=change_set_name,
        template=template,
        parameters=all_parameters(template, parameters),
        change_set_type=change_set_type,
        **more,
    )


def execute_change_set(self, change_set_name, stack_name=None, execute=CloudFormationBackend.execute_change_set):
    change_set = self.describe_change_set(change_set_name)
    stack = self.stacks[change_set.stack_id]
    try:
        execute(self, change_set_name, stack_name)
    except Exception as error:
        reason = getattr(error, "message", None) or str(error)
        change_set.execution_status = "EXECUTE_FAILED"
        if change_set.change_set_type == "CREATE":
            stack._add_stack_event("ROLLBACK_IN_PROGRESS", resource_status_reason=reason)
            stack.resource_map.delete()
            finish(stack, "ROLLBACK_COMPLETE")
        else:
            finish(stack, "UPDATE_ROLLBACK_FAILED", reason)


def finish(stack, status, reason=None):
    stack.status = status
    stack._add_stack_event(status, resource_status_reason=reason)


def delete_stack(self, name_or_stack_id, delete=CloudFormationBackend.delete_stack):
    stack = next((each for each in self.stacks.values() if name_or_stack_id in (each.name, each.stack_id)), None)
    try:
        delete(self, name_or_stack_id)
    except Exception as error:
        # It is out of moto's list already.
        self.stacks[stack.stack_id] = stack
        finish(stack, "DELETE_FAILED", getattr(error, "message", None) or str(error))


def install():
    # moto checks this for updates without a change set, and says it of change sets in another way, as AWS does.
    responses.CloudFormationResponse._validate_different_update = lambda *_: None
    parsing.parse_and_create_resource = create
    parsing.parse_and_update_resource = update
    ResourceMap.build_resource_diff = build_resource_diff
    parsing.clean_json = clean_json
    parsing.get_references_from_template = references
    ChangeSet.apply = apply
    CloudFormationBackend.create_change_set = create_change_set
    CloudFormationBackend.execute_change_set = execute_change_set
    CloudFormationBackend.delete_stack = delete_stack
    Stack.stack_resources = property(lambda self: [each for each in self.resource_map.values() if each is not None])
