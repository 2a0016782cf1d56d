/** Something the user can put right; the message says what and how, and is all that should be shown. */
export class StackUnavailable extends Error {
  override name = "StackUnavailable";
}
