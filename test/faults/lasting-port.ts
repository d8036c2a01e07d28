import { freePort } from '#embedded';

const FIRST = 20_000;
const COUNT = 12_000;

/**
 * A free port for a program that is stopped and started again. It lies below those that outgoing connections are
 * given, so that nothing takes it in between.
 */
export const lastingPort = (): Promise<number> => freePort(FIRST + Math.floor(Math.random() * COUNT));
