/** What became of one attempt to send. Exactly one of these; anything thrown instead is a bug and never acknowledged. */
export type Outcome =
  /** Connectly has the message. Without an id it kept quiet about its own name for it. */
  | { readonly kind: 'accepted'; readonly vendorId: string | undefined }
  /** It will never be sent like this. `message` is our own words: what happened and what to do. */
  | { readonly kind: 'refused'; readonly code: string; readonly message: string; readonly traceId?: string }
  /** Certainly not accepted, and worth another try. */
  | {
      readonly kind: 'not-sent';
      readonly code: string;
      /** As the server asked, in seconds; otherwise the retry policy decides. */
      readonly retryAfterSeconds?: number;
      /** Nothing about this message: every other one would meet the same. */
      readonly configurationFault?: true;
      readonly traceId?: string;
    }
  /** Nobody can know whether Connectly accepted it. */
  | { readonly kind: 'unclear'; readonly code: string; readonly traceId?: string };
