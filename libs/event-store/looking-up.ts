/**
 * Looks something up: it yields only what must be waited for. An async function would wait at each step, also where all
 * is in memory, as it is for almost every command: that cost more than to decide.
 */
export interface LookingUp<Found> {
  [Symbol.iterator](): Steps<Found>;
}

type Steps<Found> = Iterator<Promise<unknown>, Found, unknown>;

/** What is found without waiting. (One object, where a generator needs four: a decision looks up half a dozen facts.) */
export const atHand = <Found>(value: Found): LookingUp<Found> => new AtHand(value);

class AtHand<Found> implements Steps<Found>, IteratorReturnResult<Found> {
  readonly done = true;

  constructor(readonly value: Found) {}

  next(): this {
    return this;
  }

  [Symbol.iterator](): this {
    return this;
  }
}

/** What this promise brings. */
export function* awaited<T>(promise: Promise<T>): LookingUp<T> {
  // `lookedUp` sends in what the promise that was yielded has brought.
  return (yield promise) as T;
}

/** What is found in the end: at once where nothing must be waited for. What fails on the way is thrown where it was waited for. */
export function lookedUp<Found>(looking: LookingUp<Found>): Found | Promise<Found> {
  const steps = looking[Symbol.iterator]();
  const step = steps.next();
  return step.done === true ? step.value : goneOn(steps, step.value);
}

async function goneOn<Found>(steps: Steps<Found>, waiting: Promise<unknown>): Promise<Found> {
  let step = await next(steps, waiting);
  while (step.done !== true) step = await next(steps, step.value);
  return step.value;
}

const next = <Found>(steps: Steps<Found>, waiting: Promise<unknown>) =>
  waiting.then(
    (value) => steps.next(value),
    (error: unknown) => {
      if (steps.throw) return steps.throw(error);
      throw error;
    },
  );
