/** What a code means, and what comes of it. */
export interface Explanation {
  readonly code: string;
  /** Whose code it is. */
  readonly from: 'connectly' | 'relay';
  readonly meaning: string;
  readonly retried: 'yes' | 'no' | 'depends';
  /** When, and until when. */
  readonly retry: string;
  readonly remedy: string;
  /** Who can act: whoever queued the message, whoever runs the stage, the customer, or Connectly. */
  readonly who: 'producer' | 'operator' | 'customer' | 'connectly';
}
