import { Module } from '@nestjs/common';
import type { Aggregate, Attribute } from '#event-store';
import { dataSubjectAggregate, DataSubjectModule } from './audit-privacy/data-subject/data-subject.module.js';
import { customerAggregate, CustomerModule } from './customer-record/customer/customer.module.js';
import { identityAggregate, IdentityModule } from './customer-record/identity/identity.module.js';
import { followUpAggregate, FollowUpModule } from './engagement/follow-up/follow-up.module.js';
import { claimLedgerAggregate, ClaimLedgerModule } from './high-sea/claim-ledger/claim-ledger.module.js';
import { leadAggregate, LeadModule } from './high-sea/lead/lead.module.js';
import { poolAggregate, PoolModule } from './high-sea/pool/pool.module.js';
import { portfolioAggregate, PortfolioModule } from './high-sea/portfolio/portfolio.module.js';
import { campaignAggregate, CampaignModule } from './marketing/campaign/campaign.module.js';
import { productAggregate, ProductModule } from './offer/product/product.module.js';
import { quoteAggregate, QuoteModule } from './offer/quote/quote.module.js';
import { orgAtEvent } from './organisation/attribution.js';
import { employeeAggregate, EmployeeModule } from './organisation/employee/employee.module.js';
import { numbersAggregate, NumbersModule } from './organisation/numbers/numbers.module.js';
import { orgUnitAggregate, OrgUnitModule } from './organisation/org-unit/org-unit.module.js';
import { opportunityAggregate, OpportunityModule } from './pipeline/opportunity/opportunity.module.js';
import { salesProcessAggregate, SalesProcessModule } from './pipeline/sales-process/sales-process.module.js';

/** Every aggregate of the domain: the HTTP door, the codec and the catalogue are made from this list. */
export const aggregates: readonly Aggregate[] = [
  // High sea
  leadAggregate,
  poolAggregate,
  claimLedgerAggregate,
  portfolioAggregate,
  // Customer record
  customerAggregate,
  identityAggregate,
  // Engagement
  followUpAggregate,
  // Marketing
  campaignAggregate,
  // Offer
  productAggregate,
  quoteAggregate,
  // Organisation
  employeeAggregate,
  orgUnitAggregate,
  numbersAggregate,
  // Audit and privacy
  dataSubjectAggregate,
  // Pipeline
  salesProcessAggregate,
  opportunityAggregate,
];

/** The handlers of all commands. */
@Module({
  imports: [
    // High sea
    LeadModule,
    PoolModule,
    ClaimLedgerModule,
    PortfolioModule,
    // Customer record
    CustomerModule,
    IdentityModule,
    // Engagement
    FollowUpModule,
    // Marketing
    CampaignModule,
    // Offer
    ProductModule,
    QuoteModule,
    // Organisation
    EmployeeModule,
    OrgUnitModule,
    NumbersModule,
    // Audit and privacy
    DataSubjectModule,
    // Pipeline
    SalesProcessModule,
    OpportunityModule,
  ],
})
export class CrmModule {}

/** Who gets the credit, with the tree above them as it stood. */
export const attribute: Attribute = orgAtEvent;

export { policies } from './policies/index.js';
