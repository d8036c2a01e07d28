import { frameOf } from '#protobuf';
import { writePosition } from './append-replies.js';

export const confirmation = (subscriptionId: string): Buffer =>
  frameOf((to) => {
    to.message(2, () => {
      to.text(1, subscriptionId);
    });
  });

export const checkpoint = (commit: bigint, prepare: bigint): Buffer =>
  frameOf((to) => {
    to.message(3, () => {
      writePosition(to, commit, prepare);
    });
  });

export const streamNotFound = (stream: string): Buffer =>
  frameOf((to) => {
    to.message(4, () => {
      to.message(1, () => {
        to.text(3, stream);
      });
    });
  });

export const firstStreamPosition = (revision: bigint): Buffer =>
  frameOf((to) => {
    to.uint(5, revision);
  });

export const lastStreamPosition = (revision: bigint): Buffer =>
  frameOf((to) => {
    to.uint(6, revision);
  });

export const caughtUp = (): Buffer =>
  frameOf((to) => {
    to.empty(8);
  });
