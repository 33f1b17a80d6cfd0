import { z } from 'zod';

const jpeg = z.custom<Uint8Array<ArrayBuffer>>((value) => value instanceof Uint8Array, 'bytes').nullable();

/** Faces for a person at the desk to compare. */
export const faceCalls = {
  /**
   * Both faces of a delivery that asks whether somebody is who a platform believes, or was refused because somebody is there already: small JPEGs, fetched
   * now and kept nowhere; null where there is none. Rejects with `validation`, `nothing-asked` for any other delivery.
   */
  'delivery.faces': {
    input: z.strictObject({ id: z.string().min(1).max(128) }),
    output: z.object({
      /** The picture that was taken here. */
      own: jpeg,
      /** The picture the platform keeps of the other person. */
      other: jpeg,
      /** Why the other picture could not be fetched, where a platform has pictures and did not answer with one. */
      unreachable: z.boolean(),
    }),
  },
};
