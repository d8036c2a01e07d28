import { Server, ServerCredentials, status, type sendUnaryData, type ServerDuplexStream } from '@grpc/grpc-js';
import features from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import featureMessages from '@eventstore/db-client/generated/serverfeatures_pb.js';
import gossip from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import gossipMessages from '@eventstore/db-client/generated/gossip_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type streams from '@eventstore/db-client/generated/streams_pb.js';
import service from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { AppendReply, nameOf, type ScriptedAppend, ScriptedRead } from './scripted-calls.js';

/** What the server does; each part may be exchanged while it runs. What is not given stays silent. */
export interface Script {
  append?: (append: ScriptedAppend) => void;
  read?: (read: ScriptedRead) => void;
  /** Where the leader is said to be, by this node and all that ask it. */
  leader?: { readonly host: string; readonly port: number };
  /** Called when the client asks what the server can do; throws or never returns as a server may. */
  features?: () => Promise<void> | void;
}

/** A key and what an authority signed for it, both as PEM. */
export interface Certificate {
  readonly key: Buffer;
  readonly certificate: Buffer;
}

/** An event store on loopback that does as a test says, and remembers what it was asked. */
export class ScriptedServer {
  readonly appends: ScriptedAppend[] = [];
  readonly reads: ScriptedRead[] = [];

  private constructor(
    private readonly server: Server,
    readonly port: number,
    readonly script: Script,
  ) {}

  /** With a certificate it speaks TLS only. */
  static async start(script: Script = {}, certificate?: Certificate): Promise<ScriptedServer> {
    const server = new Server();
    let self: ScriptedServer | undefined;
    server.addService(service.StreamsService, {
      batchAppend: (call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>) => self?.appendsOf(call),
      read: (call: ConstructorParameters<typeof ScriptedRead>[0]) => self?.read(new ScriptedRead(call)),
    });
    server.addService(features.ServerFeaturesService, {
      getSupportedMethods: (_: unknown, answer: sendUnaryData<featureMessages.SupportedMethods>) => {
        void Promise.resolve(script.features?.()).then(
          () => answer(null, supported()),
          (error: unknown) => answer({ code: status.INTERNAL, details: String(error) }),
        );
      },
    });
    server.addService(gossip.GossipService, {
      read: (_: unknown, answer: sendUnaryData<gossipMessages.ClusterInfo>) => answer(null, clusterOf(script.leader)),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', credentialsOf(certificate), (error, bound) =>
        error ? reject(error) : resolve(bound),
      );
    });
    return (self = new ScriptedServer(server, port, script));
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.port}?tls=false`;
  }

  close(): void {
    this.server.forceShutdown();
  }

  private read(read: ScriptedRead): void {
    this.reads.push(read);
    this.script.read?.(read);
  }

  private appendsOf(call: ServerDuplexStream<streams.BatchAppendReq, streams.BatchAppendResp>): void {
    const begun = new Map<string, streams.BatchAppendReq>();
    call.on('error', () => undefined);
    call.on('data', (fragment: streams.BatchAppendReq) => {
      const id = String(fragment.getCorrelationId()?.serializeBinary());
      const request = begun.get(id) ?? fragment;
      if (request !== fragment)
        for (const message of fragment.getProposedMessagesList()) request.addProposedMessages(message);
      begun.set(id, request);
      if (!fragment.getIsFinal()) return;
      begun.delete(id);
      const append = { ...read(request), reply: new AppendReply(call, request) };
      this.appends.push(append);
      this.script.append?.(append);
    });
  }
}

const credentialsOf = (certificate: Certificate | undefined): ServerCredentials =>
  certificate
    ? ServerCredentials.createSsl(null, [{ private_key: certificate.key, cert_chain: certificate.certificate }])
    : ServerCredentials.createInsecure();

function read(request: streams.BatchAppendReq): Omit<ScriptedAppend, 'reply'> {
  const options = request.getOptions();
  return {
    stream: nameOf(options?.getStreamIdentifier()),
    expected: options?.hasNoStream()
      ? 'no_stream'
      : options?.hasStreamPosition()
        ? BigInt(options.getStreamPosition())
        : options?.hasStreamExists()
          ? 'stream_exists'
          : 'any',
    events: request.getProposedMessagesList().map((message) => ({
      id: message.getId()?.getString() ?? '',
      type: message.getMetadataMap().get('type') ?? '',
      data: Buffer.from(message.getData_asU8()).toString(),
    })),
  };
}

function clusterOf(leader: Script['leader']): gossipMessages.ClusterInfo {
  const cluster = new gossipMessages.ClusterInfo();
  if (!leader) return cluster;
  const endpoint = new gossipMessages.EndPoint();
  endpoint.setAddress(leader.host);
  endpoint.setPort(leader.port);
  const id = new shared.UUID();
  id.setString('00000000-0000-4000-8000-000000000001');
  const member = new gossipMessages.MemberInfo();
  member.setInstanceId(id);
  member.setState(gossipMessages.MemberInfo.VNodeState.LEADER);
  member.setIsAlive(true);
  member.setHttpEndPoint(endpoint);
  cluster.addMembers(member);
  return cluster;
}

function supported(): featureMessages.SupportedMethods {
  const batchAppend = new featureMessages.SupportedMethod();
  batchAppend.setServiceName('event_store.client.streams.streams');
  batchAppend.setMethodName('batchappend');
  const methods = new featureMessages.SupportedMethods();
  methods.setEventStoreServerVersion('scripted');
  methods.addMethods(batchAppend);
  return methods;
}
