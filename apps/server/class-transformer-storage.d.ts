/** The decorators that class-transformer has seen; it ships the file without a declaration. */
declare module 'class-transformer/cjs/storage.js' {
  import type { IOptions } from 'class-validator-jsonschema/build/options.js';

  const storage: { readonly defaultMetadataStorage: NonNullable<IOptions['classTransformerMetadataStorage']> };
  export default storage;
}
