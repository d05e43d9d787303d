/** The producer's id of a send. Wherever one comes back from outside, it is one of ours only if it looks like this. */
export const sendIdPattern = /^[\x20-\x7e]{1,128}$/;
