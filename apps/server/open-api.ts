import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { OpenAPIObject } from '@nestjs/swagger';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { aggregates } from '#crm';
import { reports } from '#projections';
import type { AnyReport } from '#read-store';
import { commandSchemas, REF } from './command-schemas.js';
import { commandClasses } from './commands/command-catalogue.js';
import { customerQuestions } from './reports/customers.controller.js';
import { Waiting } from './reports/waiting.js';

const json = (schema: object) => ({ content: { 'application/json': { schema } } });
const header = (name: string, description: string, required = false) => ({
  name,
  in: 'header',
  required,
  description,
  schema: { type: 'string' },
});
const problem = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: `${REF}Problem` } } },
});

const commandHeaders = [
  header(
    'X-Actor',
    'Who does it: the UUID of an employee, or a word for anybody else. Every event names its actor.',
    true,
  ),
  header('X-Actor-Name', 'The name of the actor, percent-encoded UTF-8; kept in the history, sealed.'),
  header('X-Actor-Kind', 'human (default), system, import, integration or simulation.'),
  header('Idempotency-Key', 'The id of the command: sent again by the same actor, it answers again and does nothing.'),
  header('If-Match', 'Refused with 412 unless the stream is at this revision.'),
];

const commandResponses = {
  200: { description: 'Done, now or by an earlier attempt.', ...json({ $ref: `${REF}CommandReply` }) },
  400: problem('The command is malformed: each field with its problem.'),
  409: problem('A rule says no; `code` tells which.'),
  412: problem('The stream is at another revision than If-Match names.'),
  503: problem('The event store does not answer, or an administrator must mend it: send it again under the same id.'),
};

const commandPath = (aggregate: string, name: string) => ({
  post: {
    operationId: name,
    tags: [aggregate],
    parameters: commandHeaders,
    requestBody: { required: true, ...json({ $ref: `${REF}${name}` }) },
    responses: commandResponses,
  },
});

const batchPath = {
  post: {
    operationId: 'sendCommands',
    tags: ['batch'],
    summary: 'One command and one outcome a line, in order; each stands for itself.',
    parameters: commandHeaders.slice(0, 3),
    requestBody: {
      required: true,
      content: {
        'application/x-ndjson': {
          schema: { type: 'string' },
          example: '{"command":"ClaimLead","id":"a-1","fields":{"leadId":"11111111-1111-4111-8111-111111111111"}}\n',
        },
      },
    },
    responses: { 200: { description: 'One outcome a line.', content: { 'application/x-ndjson': {} } } },
  },
};

interface Asked {
  readonly operationId: string;
  readonly tag: string;
  readonly summary: string;
  readonly parameters: z.ZodObject;
}

/** A question to the read models: its parameters in the query, and in the path where `inPath` says so. */
const question = ({ operationId, tag, summary, parameters }: Asked, inPath: readonly object[] = []) => ({
  get: {
    operationId,
    tags: [tag],
    summary,
    parameters: [...inPath, ...inQuery(parameters), ...inQuery(Waiting)],
    responses: {
      200: { description: 'The rows.', ...json({ type: 'object' }) },
      400: problem('A parameter is malformed.'),
      404: problem('There is nothing of this name or id.'),
      503: problem('The read model has not seen `after` in time.'),
    },
  },
});

function inQuery(parameters: z.ZodObject): readonly object[] {
  const { properties = {}, required = [] } = z.toJSONSchema(parameters, { io: 'input', target: 'openapi-3.0' });
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

const reportPath = ({ name, title, parameters }: AnyReport) =>
  question({ operationId: name, tag: 'reports', summary: `${title.en} · ${title.zh}`, parameters });

const customerId = { name: 'id', in: 'path', required: true, schema: { type: 'string', format: 'uuid' } };
const customerPath = (operationId: keyof typeof customerQuestions, summary: string) =>
  question({ operationId, tag: 'customers', summary, parameters: customerQuestions[operationId] }, [customerId]);

const schemas = {
  ...commandSchemas(),
  CommandReply: {
    type: 'object',
    properties: {
      stream: { type: 'string' },
      revision: { type: 'integer' },
      position: { type: 'string', nullable: true, description: 'For `?after=`.' },
      events: { type: 'array', items: { type: 'string' } },
      numbers: {
        type: 'object',
        additionalProperties: { type: 'string' },
        description: 'What the record was given: `{ "leadNumber": "L-20261121-000123" }`.',
      },
    },
  },
  Problem: {
    type: 'object',
    description: 'RFC 9457 problem details.',
    properties: {
      type: { type: 'string' },
      title: { type: 'string' },
      status: { type: 'integer' },
      code: { type: 'string' },
      detail: { type: 'string' },
    },
  },
};

const paths = () => ({
  ...Object.fromEntries(
    aggregates.flatMap(({ decider, commands }) =>
      Object.keys(commands)
        .filter((name) => commandClasses.has(name))
        .map((name) => [`/commands/${name}`, commandPath(decider.name, name)]),
    ),
  ),
  '/commands': batchPath,
  '/customers/{id}': customerPath('record', 'The record, now, as of any moment or at any revision · 客户记录'),
  '/customers/{id}/revisions': customerPath(
    'revisions',
    'Every revision: who, when, why, which field, old and new · 变更史',
  ),
  '/customers/{id}/diff': customerPath('diff', 'What differs between two revisions · 版本差异'),
  ...Object.fromEntries(reports.map((report) => [`/reports/${report.name}`, reportPath(report)])),
});

/** The API page under `/api` and its document under `/api-json`, made from the command classes and the reports. */
export function documentApi(application: NestFastifyApplication): void {
  const about = new DocumentBuilder()
    .setTitle('Taizhang 台账')
    .setDescription('Commands in, reports and history out.')
    .setVersion('1')
    .build();
  const ofControllers = SwaggerModule.createDocument(application, about);
  const document = {
    ...ofControllers,
    paths: { ...ofControllers.paths, ...paths() },
    components: { ...ofControllers.components, schemas: { ...ofControllers.components?.schemas, ...schemas } },
  };
  // The schemas come from three generators whose types differ in name only.
  SwaggerModule.setup('api', application, document as OpenAPIObject);
}
