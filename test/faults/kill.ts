/** Ends a process as a power cut would; one that has ended by itself needs no more killing. */
export function kill(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(pid, 'SIGKILL');
  } catch (error) {
    // Jest's Error is not the one that the process throws, so the code alone is asked for.
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
