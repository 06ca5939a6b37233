"""moto's server, with what its CloudFormation lacks of what these stacks need. Nothing here imitates a service: each addition hands a template's properties to the part of moto that
answers the service's own API, and that judges them. `beyond-moto.mjs` says of each without which stack it can't be made, and what moto says then; started with `--as-it-is`, it is
the server without additions, against which that list is held."""

import inspect
import json
import sys

from moto import server
from moto.awslambda.models import LambdaVersion
from moto.awslambda.utils import get_backend
from moto.cloudformation import parsing
from moto.cloudformation.exceptions import CloudFormationError
from moto.cloudformation.responses import CloudFormationResponse
from moto.cloudwatch.models import cloudwatch_backends
from moto.core.common_models import CloudFormationModel
from moto.core.responses import ActionResult, EmptyResult
from moto.ecs.models import TaskDefinition
from moto.kinesis.models import Stream
from moto.scheduler.models import scheduler_backends
from moto.ssm.models import Parameter


class Made:
    """Something that a stack has made."""

    def __init__(self, physical_resource_id, attributes, delete):
        self.physical_resource_id = physical_resource_id
        self.attributes = attributes
        self.delete = lambda _account, _region: delete()

    def get_cfn_attribute(self, name):
        return self.attributes[name]

    def is_created(self):
        return True


def resource(kind):
    """Lets stacks make a kind of resource: by a function of its properties, its account and its region, which makes it or changes it."""

    def register(make):
        def create(cls, resource_name, cloudformation_json, account_id, region_name, **_more):
            return make(cloudformation_json["Properties"], account_id, region_name)

        def update(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
            return make(cloudformation_json["Properties"], account_id, region_name)

        members = {
            "cloudformation_type": staticmethod(lambda: kind),
            "cloudformation_name_type": staticmethod(lambda: ""),
            "create_from_cloudformation_json": classmethod(create),
            "update_from_cloudformation_json": classmethod(update),
        }
        # moto finds a kind by the class being there.
        ADDED.append(type(kind.replace("::", ""), (CloudFormationModel,), members))
        return make

    return register


ADDED = []


def with_signature(call, **given):
    """moto's own functions want each of their parameters."""
    return call(**{name: given.get(name) for name in inspect.signature(call).parameters})


def snake(name):
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name).lstrip("_")


def add_kinds():
    @resource("AWS::Lambda::Alias")
    def alias(properties, account, region):
        backend = get_backend(account, region)
        name, function = properties["Name"], properties["FunctionName"]
        there = any(one.name == name for one in backend.list_aliases(function))
        call = backend.update_alias if there else backend.create_alias
        made = call(name, function, str(properties["FunctionVersion"]), properties.get("Description"), properties.get("RoutingConfig"))
        there = lambda: any(one.function_name == function for one in backend.list_functions())
        # A function takes its aliases along.
        return Made(made.arn, {"AliasArn": made.arn}, lambda: there() and backend.delete_alias(name, function))

    @resource("AWS::CloudWatch::Alarm")
    def alarm(properties, account, region):
        backend = cloudwatch_backends[account][region]
        given = {snake(name): value for name, value in properties.items()}
        given |= {"name": given["alarm_name"], "description": given.get("alarm_description"), "ok_actions": properties.get("OKActions", [])}
        given |= {"alarm_actions": properties.get("AlarmActions", []), "dimensions": properties.get("Dimensions", []), "actions_enabled": True}
        made = with_signature(backend.put_metric_alarm, **given)
        return Made(made.name, {"Arn": made.alarm_arn}, lambda: backend.delete_alarms([made.name]))

    @resource("AWS::Scheduler::ScheduleGroup")
    def schedule_group(properties, account, region):
        backend = scheduler_backends[account][region]
        made = backend.create_schedule_group(properties["Name"], properties.get("Tags", []))
        return Made(made.name, {"Arn": made.arn}, lambda: backend.delete_schedule_group(made.name))

    @resource("AWS::Scheduler::Schedule")
    def schedule(properties, account, region):
        backend = scheduler_backends[account][region]
        given = {snake(name): value for name, value in properties.items()}
        group = backend.get_schedule_group(given["group_name"])
        made = with_signature(backend.update_schedule if given["name"] in group.schedules else backend.create_schedule, **given)
        return Made(made.name, {"Arn": made.arn}, lambda: group.schedules.pop(made.name, None))


def mend():
    # A version has an attribute of its own. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-lambda-version.html
    LambdaVersion.get_cfn_attribute = lambda self, _name: self.version
    # Tags of a parameter are a map, and no list. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-ssm-parameter.html
    create = Parameter.create_from_cloudformation_json.__func__

    def create_with_tags(cls, resource_name, cloudformation_json, account_id, region_name, **more):
        properties = cloudformation_json["Properties"]
        tags = [{"Key": key, "Value": value} for key, value in properties.get("Tags", {}).items()]
        return create(cls, resource_name, {**cloudformation_json, "Properties": {**properties, "Tags": tags}}, account_id, region_name, **more)

    Parameter.create_from_cloudformation_json = classmethod(create_with_tags)
    # A definition of a task is changed by another revision, made as the first was: moto leaves out what Fargate needs.

    def revise(cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name):
        return cls.create_from_cloudformation_json(new_resource_name, cloudformation_json, account_id, region_name)

    TaskDefinition.update_from_cloudformation_json = classmethod(revise)
    # Functions run outside of it: run-consumer.mjs gives them what lies on the stream.
    Stream.lambda_event_source_mappings = property(lambda self: {}, lambda self, _mappings: None)


class ChangeSetNotFound(CloudFormationError):
    code = "ChangeSetNotFound"


def add_calls():
    """Calls of the CDK that moto does not know, or answers for another stack than is meant."""

    def update_termination_protection(self):
        stack = self.cloudformation_backend.get_stack(self._get_param("StackName"))
        stack.enable_termination_protection = self._get_bool_param("EnableTerminationProtection")
        return ActionResult({"StackId": stack.stack_id})

    CloudFormationResponse.update_termination_protection = update_termination_protection

    # A change set is named within its stack, and one that is not there is deleted without an error.
    # https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteChangeSet.html
    def ids_of(self):
        stack, name = self._get_param("StackName"), self._get_param("ChangeSetName")
        known = self.cloudformation_backend.change_sets.items()
        return [id for id, one in known if name in (id, one.change_set_name) and stack in (None, one.stack_name, one.stack_id)]

    def delete_change_set(self):
        for id in ids_of(self):
            self.cloudformation_backend.delete_change_set(id)
        return EmptyResult()

    def id_of(self):
        ids = ids_of(self)
        if not ids:
            raise ChangeSetNotFound(f"ChangeSet [{self._get_param('ChangeSetName')}] does not exist")
        return ids[-1]

    def describe_change_set(self):
        id = id_of(self)
        return ActionResult(self.cloudformation_backend.describe_change_set(id))

    def execute_change_set(self):
        id = id_of(self)
        self.cloudformation_backend.execute_change_set(id, self._get_param("StackName"))
        return EmptyResult()

    for call in (delete_change_set, describe_change_set, execute_change_set):
        setattr(CloudFormationResponse, call.__name__, call)


as_it_is = "--as-it-is" in sys.argv
if not as_it_is:
    add_kinds()
    mend()
    add_calls()
if "--kinds" in sys.argv:
    print(json.dumps(sorted(parsing.get_model_map())))
else:
    sys.argv = [one for one in sys.argv if one != "--as-it-is"]
    server.main()
