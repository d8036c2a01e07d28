/** Reads a pattern from its start on. */
export class PatternReader {
  private at = 0;

  constructor(private readonly pattern: string) {}

  get isAtEnd(): boolean {
    return this.at >= this.pattern.length;
  }

  /** What a sticky expression finds here, and goes on behind it. */
  take(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.at;
    const found = sticky.exec(this.pattern) ?? undefined;
    this.at += found?.[0].length ?? 0;
    return found;
  }
}
