export { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager'; // by name, as in s3.ts
