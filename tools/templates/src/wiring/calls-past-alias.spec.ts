import type { TemplateResource, Templates } from '../upgrade/compare-templates.js';
import { callers, callsPastAlias } from './calls-past-alias.js';

const ARN = 'arn:aws:lambda:us-east-1:123456789012:function:ingestion';
const fn: TemplateResource = { Type: 'AWS::Lambda::Function', Properties: { FunctionName: 'ingestion' } };
const templates = (Caller: TemplateResource): Templates => ({ ingestion: { Resources: { Fn: fn, Caller } } });
const schedule = (Arn: unknown): TemplateResource => ({ Type: 'AWS::Scheduler::Schedule', Properties: { Target: { Arn } } });
const source = (FunctionName: unknown): TemplateResource => ({ Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName } });
const machine = (arn: string): TemplateResource => ({
  Type: 'AWS::StepFunctions::StateMachine',
  Properties: { DefinitionString: JSON.stringify({ States: { Plan: { Parameters: { FunctionName: arn } } } }) },
});
const policy = (Action: string, Resource: unknown): TemplateResource => ({
  Type: 'AWS::IAM::Policy',
  Properties: { PolicyDocument: { Statement: [{ Effect: 'Allow', Action, Resource }] } },
});

describe('who calls a function', () => {
  it.each<[who: string, caller: TemplateResource]>([
    ['a schedule', schedule(`${ARN}:live`)],
    ['the stream', source(`${ARN}:live`)],
    ['a state machine', machine(`${ARN}:live`)],
    ['a role', policy('lambda:InvokeFunction', [`${ARN}:live`])],
    ['the settings of events', { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { FunctionName: { Ref: 'Fn' }, Qualifier: 'live' } }],
  ])('does so by its alias: %s', (_who, caller) => {
    expect(callers(templates(caller))).toEqual([expect.objectContaining({ id: 'Caller' })]);
    expect(callsPastAlias(templates(caller), 'live')).toEqual([]);
  });

  it.each<[what: string, caller: TemplateResource, names: string]>([
    ['by the function alone', schedule(ARN), ':function:ingestion'],
    ['by a reference to it', schedule({ 'Fn::GetAtt': ['Fn', 'Arn'] }), 'Fn'],
    ['by its name', source({ Ref: 'Fn' }), 'Fn'],
    ['by what was published last', machine(`${ARN}:$LATEST`), ':function:ingestion:$LATEST'],
    ['by another alias', source(`${ARN}:old`), ':function:ingestion:old'],
    ['with leave for more', policy('lambda:InvokeFunction', ARN), ':function:ingestion'],
    ['without a qualifier', { Type: 'AWS::Lambda::EventInvokeConfig', Properties: {} }, 'its function:undefined'],
  ])('is found when it does so %s', (_what, caller, names) => {
    expect(callsPastAlias(templates(caller), 'live')).toEqual([{ stack: 'ingestion', id: 'Caller', names }]);
  });

  it('does so also where the alias is referred to', () => {
    const Alias: TemplateResource = { Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } };
    const Qualifier = { 'Fn::Select': [7, { 'Fn::Split': [':', { Ref: 'Alias' }] }] };
    const config: TemplateResource = { Type: 'AWS::Lambda::EventInvokeConfig', Properties: { Qualifier } };
    expect(callsPastAlias({ ingestion: { Resources: { Fn: fn, Alias, config } } }, 'live')).toEqual([]);
    expect(callsPastAlias({ ingestion: { Resources: { Fn: fn, Alias, config } } }, 'other')).toHaveLength(1);
  });

  it('is nobody who moves the alias, and none of the parts of the function', () => {
    expect(callers(templates(policy('lambda:UpdateAlias', ARN)))).toEqual([]);
    expect(callers(templates({ Type: 'AWS::Lambda::Alias', Properties: { FunctionName: { Ref: 'Fn' }, Name: 'live' } }))).toEqual([]);
  });
});
