import { loadinStack, type StackDefinition, type StackInput } from '@loadin/infrastructure/cdk';
import { Fn, RemovalPolicy, type Stack } from 'aws-cdk-lib';
import * as ec2 from 'aws-cdk-lib/aws-ec2';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as logs from 'aws-cdk-lib/aws-logs';
import * as ssm from 'aws-cdk-lib/aws-ssm';

/** A VPC for what reads a database: private subnets in two zones, what it calls of AWS without a way through the internet, and a group that databases let in. */
export const networkStack: StackDefinition = {
  name: 'network',
  make: (scope, input) => {
    const { network } = input.environment;
    const stack = loadinStack(scope, 'network', input);
    if (network?.kind !== 'create') return stack;
    // The CDK would ask the account for its zones, only to compare them with those below.
    stack.node.setContext(`availability-zones:account=${stack.account}:region=${stack.region}`, []);
    const vpc = makeVpc(stack, input, network);
    const group = new ec2.SecurityGroup(stack, 'Runs', {
      vpc,
      description: 'What reads the database: let this group in at 5432 where that is',
      allowAllOutbound: false,
    });
    group.addEgressRule(ec2.Peer.ipv4(network.cidr), ec2.Port.tcp(POSTGRES), 'Postgres');
    group.addEgressRule(ec2.Peer.anyIpv4(), ec2.Port.HTTPS, 'AWS, APIs');
    endpoints(vpc, group, input);
    // Whoever runs in it reads these; ids are known only when it is there.
    new ssm.StringListParameter(stack, 'Subnets', {
      parameterName: input.names.subnetsParameter,
      stringListValue: vpc.isolatedSubnets.concat(vpc.privateSubnets).map(({ subnetId }) => subnetId),
    });
    new ssm.StringParameter(stack, 'SecurityGroup', { parameterName: input.names.securityGroupParameter, stringValue: group.securityGroupId });
    return stack;
  },
};

const POSTGRES = 5432;

function makeVpc(stack: Stack, input: StackInput, { cidr, nat }: { readonly cidr: string; readonly nat: boolean }): ec2.Vpc {
  const { environment, names } = input;
  const vpc = new ec2.Vpc(stack, 'Vpc', {
    vpcName: names.vpc,
    ipAddresses: ec2.IpAddresses.cidr(cidr),
    // The first two that the account has: CloudFormation knows which.
    availabilityZones: [0, 1].map((index) => Fn.select(index, Fn.getAzs())),
    natGateways: nat ? 1 : 0,
    subnetConfiguration: nat
      ? [
          { name: 'runs', subnetType: ec2.SubnetType.PRIVATE_WITH_EGRESS },
          { name: 'out', subnetType: ec2.SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        ]
      : [{ name: 'runs', subnetType: ec2.SubnetType.PRIVATE_ISOLATED }],
    restrictDefaultSecurityGroup: false,
  });
  const log = new logs.LogGroup(stack, 'FlowLog', {
    logGroupName: `/loadin/flow-log${environment.suffix}`,
    retention: environment.retention.logDays,
    removalPolicy: RemovalPolicy.DESTROY,
  });
  const { iamRole } = vpc.addFlowLog('Rejected', {
    destination: ec2.FlowLogDestination.toCloudWatchLogs(log),
    trafficType: ec2.FlowLogTrafficType.REJECT,
  });
  // Flow logs of this account alone. In the role that the construct makes: another role would be another flow log, which EC2 refuses beside the one that is there.
  // https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
  (iamRole?.node.defaultChild as iam.CfnRole).addPropertyOverride('AssumeRolePolicyDocument.Statement.0.Condition', {
    StringEquals: { 'aws:SourceAccount': environment.account },
  });
  return vpc;
}

/** Gateways cost nothing; each interface costs by the hour, so there are only those that a load calls. */
function endpoints(vpc: ec2.Vpc, runs: ec2.SecurityGroup, { environment: { account, region, tasks, tracing } }: StackInput): void {
  const s3 = vpc.addGatewayEndpoint('S3', { service: ec2.GatewayVpcEndpointAwsService.S3 });
  const dynamodb = vpc.addGatewayEndpoint('DynamoDb', { service: ec2.GatewayVpcEndpointAwsService.DYNAMODB });
  for (const endpoint of [s3, dynamodb]) endpoint.addToPolicy(ofAccount(account));
  // Layers of images come by addresses that ECR has signed. https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
  if (tasks.length > 0) s3.addToPolicy(endpointStatement('Layers', ['s3:GetObject'], `arn:aws:s3:::prod-${region}-starport-layer-bucket/*`));
  const group = new ec2.SecurityGroup(vpc, 'Endpoints', { vpc, description: 'Endpoints of AWS services', allowAllOutbound: false });
  group.addIngressRule(runs, ec2.Port.HTTPS, 'Runs');
  const service = ec2.InterfaceVpcEndpointAwsService;
  const forContainers = { Images: service.ECR, Layers: service.ECR_DOCKER, Stream: service.KINESIS_STREAMS };
  const always = { SecretsManager: service.SECRETS_MANAGER, Logs: service.CLOUDWATCH_LOGS };
  const services = { ...always, ...(tasks.length > 0 ? forContainers : {}), ...(tracing ? { Traces: service.XRAY } : {}) };
  for (const [id, one] of Object.entries(services)) {
    const endpoint = vpc.addInterfaceEndpoint(id, { service: one, securityGroups: [group], open: false });
    if (HOLDS_DATA.includes(id)) endpoint.addToPolicy(ofAccount(account));
  }
}

/** Interfaces by which data or secrets could be carried elsewhere. */
const HOLDS_DATA = ['SecretsManager', 'Logs', 'Stream'];

const endpointStatement = (sid: string, actions: string[], resource: string, conditions: Record<string, unknown> = {}): iam.PolicyStatement =>
  new iam.PolicyStatement({ sid, principals: [new iam.AnyPrincipal()], actions, resources: [resource], conditions });

/** With keys of another account nothing leaves the VPC; what ours may do, their roles say. */
const ofAccount = (account: string): iam.PolicyStatement =>
  endpointStatement('OwnAccount', ['*'], '*', { StringEquals: { 'aws:PrincipalAccount': account } });
