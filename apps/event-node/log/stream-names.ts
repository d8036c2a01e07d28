/** Metadata of stream `x` is in stream `$$x`. */
export const metaStreamOf = (stream: string): string => `$$${stream}`;

export const isMetaStream = (stream: string): boolean => stream.startsWith('$$');

/** The stream a metadata stream is about. */
export const originalOf = (metaStream: string): string => metaStream.slice(2);
