import { Match } from 'aws-cdk-lib/assertions';
import { ACCOUNT, synthesized } from './synthesized.fixture.js';

const dev = synthesized('dev', 'network');

describe('network', () => {
  it('lets nobody carry data out with the keys of another account', () => {
    const own = {
      PolicyDocument: { Statement: [Match.objectLike({ Effect: 'Allow', Condition: { StringEquals: { 'aws:PrincipalAccount': ACCOUNT } } })] },
    };
    dev.of('network').hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: Match.stringLikeRegexp('secretsmanager$'), ...own });
    dev.of('network').resourcePropertiesCountIs('AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Gateway', ...own }, 2);
    // What is logged leaves, too.
    dev.of('network').hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-1.logs', ...own });
  });

  it('lets the log of rejected traffic be written for this account alone', () => {
    dev.of('network').hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({ Principal: { Service: 'vpc-flow-logs.amazonaws.com' }, Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } } }),
        ],
      },
    });
  });

  it('has two private subnets, endpoints for what a load calls, and no way out unless it is asked for', () => {
    const template = dev.of('network');
    template.resourceCountIs('AWS::EC2::Subnet', 2);
    template.resourceCountIs('AWS::EC2::InternetGateway', 0);
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 5);
    // Where the environment has traces.
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', { ServiceName: 'com.amazonaws.eu-west-1.xray' });
    template.allResourcesProperties('AWS::EC2::Subnet', { MapPublicIpOnLaunch: false });
    template.hasResourceProperties('AWS::SSM::Parameter', { Name: '/loadin/network/subnets-dev', Type: 'StringList' });
    template.hasResourceProperties('AWS::EC2::SecurityGroup', {
      SecurityGroupEgress: Match.arrayWith([Match.objectLike({ CidrIp: '10.40.0.0/20', FromPort: 5432, ToPort: 5432 })]),
    });
  });
});
