import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import type { DynamicModule, INestApplicationContext, Type } from '@nestjs/common';
import { CommandBus, CqrsModule } from '@nestjs/cqrs';
import { Test } from '@nestjs/testing';
import { CrmModule } from '#crm';
import { CaptureLead, ClaimLead, CorrectLeadProfile, ReturnLead } from '#crm/high-sea/lead/lead.commands';
import { lead } from '#crm/high-sea/lead/lead.decider';
import { ChangePoolMembers, DefinePool } from '#crm/high-sea/pool/pool.commands';
import { HireEmployee } from '#crm/organisation/employee/employee.commands';
import { AggregateStore, EventStore, LocalMasterKeys } from '#event-store';
import { systemAlarm } from '#policies';
import { CommandLoopModule } from '../../../apps/server/command-loop.module.js';
import { readConfiguration } from '../../../apps/server/configuration.js';
import { StoresModule } from '../../../apps/server/stores.module.js';
import type { Grounds } from './grounds.js';
import { head, isClaim, POOL, PROFILE, repOf, reps } from './people.js';
import { forEach, type Turn } from './workload.js';

/** The write side as the server has it, without its door: bus, loop, validation, sealing, envelope, metrics, adapter. */
export class WriteSide {
  readonly store: EventStore;
  private readonly bus: CommandBus;
  private readonly aggregates: AggregateStore;

  private constructor(private readonly context: INestApplicationContext) {
    this.bus = context.get(CommandBus);
    this.aggregates = context.get(AggregateStore, { strict: false });
    this.store = context.get(EventStore, { strict: false });
  }

  static async on({ eventStoreUrl, databaseUrl, namespace, masterKey }: Grounds): Promise<WriteSide> {
    const stores = { eventStoreUrl, databaseUrl };
    const openedMasterKeys = LocalMasterKeys.holding(masterKey);
    const configuration = { ...readConfiguration({}), stores, namespace, openedMasterKeys };
    const imports: (DynamicModule | Type)[] = [
      CqrsModule.forRoot(),
      StoresModule.with(configuration, systemAlarm),
      CommandLoopModule,
      CrmModule,
    ];
    const module = await Test.createTestingModule({ imports }).compile();
    return new WriteSide(await module.init());
  }

  /** The sales force, twenty reps under one head, and the pool from which all of them may claim. */
  async found(): Promise<void> {
    const issue = () => ({ commandId: randomUUID(), actor: { id: 'bench', kind: 'system' as const } });
    for (const { id, displayName = '' } of [head, ...reps]) {
      const managerId = id === head.id ? undefined : head.id;
      await this.bus.execute(HireEmployee.of({ employeeId: id, name: displayName, managerId }).issuedBy(issue()));
    }
    await this.bus.execute(DefinePool.of({ poolId: POOL, name: '公海' }).issuedBy(issue()));
    await this.bus.execute(ChangePoolMembers.of({ poolId: POOL, add: reps.map(({ id }) => id) }).issuedBy(issue()));
  }

  /** Leads in the pool; their streams are warm afterwards. */
  capture(leads: readonly string[]): Promise<void> {
    const issue = () => ({ commandId: randomUUID(), actor: { id: 'website', kind: 'integration' as const } });
    const fields = { poolId: POOL, source: 'web', profile: PROFILE };
    return forEach(leads, (leadId) => this.bus.execute(CaptureLead.of({ leadId, ...fields }).issuedBy(issue())));
  }

  /** A rep claims the lead, or gives it back. */
  act(leadId: string, turn: Turn): Promise<unknown> {
    const command = isClaim(turn) ? ClaimLead.of({ leadId }) : ReturnLead.of({ leadId, reasonCode: 'no_need' });
    return this.bus.execute(command.issuedBy({ commandId: randomUUID(), actor: repOf(turn) }));
  }

  /** The same, with nothing of the lead in the cache. */
  actCold(leadId: string, turn: Turn): Promise<unknown> {
    this.aggregates.forget(`lead-${leadId}`);
    return this.act(leadId, turn);
  }

  /** One more event in the stream of a lead. */
  correct(leadId: string, name: string): Promise<unknown> {
    const command = CorrectLeadProfile.of({ leadId, profile: { name } });
    return this.bus.execute(command.issuedBy({ commandId: randomUUID(), actor: head }));
  }

  /** Folds a lead as if nobody had ever seen it. */
  async loadCold(leadId: string): Promise<void> {
    this.aggregates.forget(`lead-${leadId}`);
    await this.aggregates.refresh(lead, `lead-${leadId}`);
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
