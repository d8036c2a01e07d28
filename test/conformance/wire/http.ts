import http from 'node:http';
import https from 'node:https';
import { isObject, object } from '../json.js';
import { authorization, httpOptions, type Target } from '../target.js';

const KEPT = [
  'content-type',
  'location',
  'access-control-allow-methods',
  'allow',
  'www-authenticate',
  'vary',
  'cache-control',
];

/** A plain HTTP/1.1 request and its answer, in which only the shape of long bodies is kept. */
export async function httpAnswer(target: Target, request: Readonly<Record<string, unknown>>): Promise<unknown> {
  const { method, path, headers } = request;
  const { response, body } = await send(target, String(method), String(path), object(headers));
  const kept = Object.fromEntries(
    KEPT.flatMap((name) => (response.headers[name] === undefined ? [] : [[name, response.headers[name]]])),
  );
  return { status: response.statusCode, headers: kept, ...shown(String(path), body) };
}

function shown(path: string, body: string): Record<string, unknown> {
  const document = parsed(body);
  if (document === undefined)
    return body.length > 300 ? { bodyKeys: `text of over ${body.length > 1000 ? 1000 : 300} characters` } : { body };
  if (path === '/info') return { body: document };
  if (path !== '/gossip')
    return { bodyKeys: isObject(document) || Array.isArray(document) ? Object.keys(document) : typeof document };
  const keys = (value: unknown): unknown => (Array.isArray(value) ? Object.keys(object(value[0])) : value);
  return { bodyKeys: Object.fromEntries(Object.entries(object(document)).map(([key, value]) => [key, keys(value)])) };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function send(target: Target, method: string, path: string, headers: Readonly<Record<string, unknown>>) {
  return new Promise<{ response: http.IncomingMessage; body: string }>((resolve, reject) => {
    const given = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const options = { method, headers: { ...authorization(target), ...given }, agent: false, ...httpOptions(target) };
    const ask = target.tls ? https.request : http.request;
    const request = ask(`${target.tls ? 'https' : 'http'}://${target.address}${path}`, options, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => {
        resolve({ response, body });
      });
    });
    request.setTimeout(15_000, () => request.destroy(new Error('no answer')));
    request.on('error', reject);
    request.end();
  });
}
