import { Code, InternalCommand } from '#event-store';

/** A process needs numbers to give; it is handed a block of them. */
export class TakeNumbers extends InternalCommand {
  @Code() readonly seriesOfDay!: string;
}
