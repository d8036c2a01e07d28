export { checkMessage, MessageReader, tagOf } from './message-reader.js';
export { frameOf, messageOf, MessageWriter } from './message-writer.js';
