/** Jest calls this after all tests, also when some failed. */
export default async function tearDown(): Promise<void> {
  await globalThis.sharedStack?.close();
}
