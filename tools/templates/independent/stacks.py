"""The stacks of an account: `list`, `create` and `update <templates> <environment> <stack> …`, `data <environment>`, `function <name>`, `spoil <function>`. Prints JSON."""

import io
import json
import sys
import zipfile

import boto3

cloudformation = boto3.client("cloudformation")
s3 = boto3.client("s3")
STATEFUL = {"AWS::S3::Bucket", "AWS::DynamoDB::Table", "AWS::Kinesis::Stream", "AWS::Logs::LogGroup"}
KEY = "kept/over-the-upgrade"


def list_stacks():
    return [
        {
            "name": stack["StackName"],
            "status": stack["StackStatus"],
            "protected": stack.get("EnableTerminationProtection", False),
            "resources": len(cloudformation.list_stack_resources(StackName=stack["StackName"])["StackResourceSummaries"]),
        }
        for stack in cloudformation.describe_stacks()["Stacks"]
    ]


def assets_of(value):
    """Buckets and keys of the files that a template names."""
    if isinstance(value, dict):
        if "S3Bucket" in value and "S3Key" in value:
            yield value["S3Bucket"], value["S3Key"]
        for one in value.values():
            yield from assets_of(one)
    elif isinstance(value, list):
        for one in value:
            yield from assets_of(one)


def nothing():
    """The zip of a function that does nothing."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("index.mjs", "export const handler = async () => 'the version before';")
    return archive.getvalue()


def put(call, file, environment, stacks):
    """Stacks of these templates, with the files that they name: functions that do nothing."""
    with open(file, encoding="utf8") as opened:
        known = json.load(opened)
    templates = {stack: known[stack] for stack in stacks}
    for stack, template in templates.items():
        for bucket, key in assets_of(template):
            if isinstance(bucket, dict):
                continue
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "ManagedBy", "Value": "loadin-setup"}]})
            s3.put_object(Bucket=bucket, Key=key, Body=nothing())
    for stack, template in templates.items():
        tags = [{"Key": "ManagedBy", "Value": "cdk"}]
        parameters = {"TemplateBody": json.dumps(template)}
        call(StackName=f"loadin-{environment}-{stack}", Tags=tags, Capabilities=["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"], **parameters)


def create(file, environment, *stacks):
    put(cloudformation.create_stack, file, environment, stacks)
    for kind, name in resources(environment).items():
        if kind.startswith("AWS::S3::Bucket "):
            s3.put_object(Bucket=name, Key=KEY, Body=b"1")
    return data(environment)


def update(file, environment, *stacks):
    put(cloudformation.update_stack, file, environment, stacks)
    return data(environment)


def resources(environment):
    found = {}
    for stack in cloudformation.describe_stacks()["Stacks"]:
        if not stack["StackName"].startswith(f"loadin-{environment}-"):
            continue
        for resource in cloudformation.list_stack_resources(StackName=stack["StackName"])["StackResourceSummaries"]:
            if resource["ResourceType"] in STATEFUL:
                found[f"{resource['ResourceType']} {stack['StackName']} {resource['LogicalResourceId']}"] = resource["PhysicalResourceId"]
    return found


def data(environment):
    """What a resource is called, and of a bucket whether it still has its object."""
    found = resources(environment)
    for kind, name in found.items():
        if kind.startswith("AWS::S3::Bucket "):
            objects = s3.list_objects_v2(Bucket=name, Prefix=KEY).get("Contents", [])
            found[kind] = f"{name} with {len(objects)} object"
    return found


def function(name):
    client = boto3.client("lambda")
    versions = [one["Version"] for one in client.list_versions_by_function(FunctionName=name)["Versions"] if one["Version"] != "$LATEST"]
    live = client.get_alias(FunctionName=name, Name="live")["FunctionVersion"]
    return {"memory": client.get_function_configuration(FunctionName=name)["MemorySize"], "version": live, "versions": versions}


def spoil(name):
    """Somebody gives a function other code, past everything."""
    boto3.client("lambda").update_function_code(FunctionName=name, ZipFile=nothing())


command, *rest = sys.argv[1:]
json.dump({"list": list_stacks, "create": create, "update": update, "data": data, "function": function, "spoil": spoil}[command](*rest), sys.stdout)
