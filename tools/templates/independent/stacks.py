"""The stacks of an account: `list`, `create` and `update <templates> <environment> <stack> …`, `data <environment>`. Prints JSON."""

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


def put(call, file, environment, stacks):
    """Stacks of these templates, with the files that they name: functions that do nothing."""
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as zipped:
        zipped.writestr("index.mjs", "export const handler = async () => 'the version before';")
    with open(file, encoding="utf8") as opened:
        templates = {stack: template for stack, template in json.load(opened).items() if stack in stacks}
    for stack, template in templates.items():
        for bucket, key in assets_of(template):
            if isinstance(bucket, dict):
                continue
            s3.create_bucket(Bucket=bucket)
            s3.put_bucket_tagging(Bucket=bucket, Tagging={"TagSet": [{"Key": "ManagedBy", "Value": "loadin-setup"}]})
            s3.put_object(Bucket=bucket, Key=key, Body=archive.getvalue())
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


command, *rest = sys.argv[1:]
json.dump({"list": list_stacks, "create": create, "update": update, "data": data}[command](*rest), sys.stdout)
