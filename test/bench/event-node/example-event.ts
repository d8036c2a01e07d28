import { randomUUID } from 'node:crypto';

/** An event of the size that those of the CRM have: 400 bytes of data and metadata, some of them Chinese. */
export function exampleEvent() {
  const id = randomUUID();
  return {
    id,
    stream: `bench-${id}`,
    type: 'LeadClaimed',
    data: {
      leadId: id,
      claimantId: '0b1e5c0a-6f0e-4b59-9a58-5c9a3f6f7a11',
      claimant: '王小芳',
      source: 'trade-fair',
      note: '客户希望下周二上午再联系，关注价格与交付时间',
    },
    metadata: {
      actor: { id: '0b1e5c0a-6f0e-4b59-9a58-5c9a3f6f7a11', name: '王小芳' },
      occurredAt: '2026-03-01T09:30:00.000Z',
      $correlationId: id,
      $causationId: id,
    },
  };
}
