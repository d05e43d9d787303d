/**
 * What a result says about Connectly. `alive`: it answered and does its work, even by a refusal. `throttled`: 429.
 * `failing`: no answer, or one that says that it is broken. `business-fault`: no other message of this business would
 * fare better. `stage-fault`: no other message at all would. `neutral`: nothing, as when no request was made.
 */
export type Sign = 'alive' | 'throttled' | 'failing' | 'business-fault' | 'stage-fault' | 'neutral';
