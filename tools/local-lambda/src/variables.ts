import type { EnvironmentFiles } from './environment-files.js';
import type { FunctionSettings } from './types.js';

/**
 * The environment variables of the process: those that Lambda defines (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html) and the function's own.
 * HOME and TMPDIR point at empty folders of the environment, so that neither the machine's `~/.aws` nor its temporary files are found.
 */
export function variablesOf(settings: FunctionSettings, files: EnvironmentFiles, runtimeApi: string): Record<string, string> {
  return {
    PATH: '/usr/local/bin:/usr/bin:/bin',
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
    HOME: files.home,
    TMPDIR: files.temporary,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    // Not Lambda's: while calls are recorded, local AWS knows each function's by this.
    ...(process.env['LOADIN_RECORD_CALLS'] && { AWS_SDK_UA_APP_ID: settings.functionName }),
    ...settings.env,
    _HANDLER: settings.handler,
    LAMBDA_TASK_ROOT: settings.task,
    AWS_LAMBDA_RUNTIME_API: runtimeApi,
    AWS_LAMBDA_FUNCTION_NAME: settings.functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(settings.memoryMB),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${settings.functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  };
}
