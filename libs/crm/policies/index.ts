import { enforced, type PolicyDefinition } from '#policies';
import { expireQuotesAfterTheirLastDay } from './expire-quotes-after-their-last-day.policy.js';

/** Everything that the business does by itself: the role `policies` runs this list. */
export const policies: readonly PolicyDefinition[] = [enforced(expireQuotesAfterTheirLastDay)];
