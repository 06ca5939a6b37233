import { Match } from 'aws-cdk-lib/assertions';
import { ACCOUNT, REGION, synthesized } from './synthesized.fixture.js';

const prod = synthesized('prod', 'observability');
const dev = synthesized('dev', 'observability');

describe('observability', () => {
  it('tells somebody of every alarm, and when it is over', () => {
    const template = prod.of('observability');
    const actions = [{ Ref: Match.stringLikeRegexp('^Alarms') }];
    template.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: actions, OKActions: actions });
    template.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@example.org' });
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmName: 'loadin-ingestion-duration',
      Threshold: 780_000,
      TreatMissingData: 'notBreaching',
    });
  });

  it('has a topic that takes TLS alone, and alarms of this account', () => {
    prod.of('observability').hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': ACCOUNT } },
          }),
        ]),
      },
    });
  });

  it('records reads and writes of the lake where that is wanted, and nowhere else', () => {
    prod.of('observability').resourceCountIs('AWS::CloudTrail::Trail', 0);
    dev.of('observability').hasResourceProperties('AWS::CloudTrail::Trail', { EnableLogFileValidation: true });
    const [trail] = Object.values(dev.of('observability').findResources('AWS::CloudTrail::Trail'));
    dev.of('observability').hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Deny',
            Principal: { Service: 'cloudtrail.amazonaws.com' },
            Condition: { StringNotEquals: { 'aws:SourceArn': `arn:aws:cloudtrail:${REGION}:${ACCOUNT}:trail/loadin-data-events-dev` } },
          }),
        ]),
      },
    });
    for (const zone of ['raw', 'bronze', 'processed']) expect(JSON.stringify(trail)).toContain(`concert-data-${zone}-dev-${ACCOUNT}-${REGION}/`);
  });
});
