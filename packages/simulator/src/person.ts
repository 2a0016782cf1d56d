/** A person who writes to one of the imitated numbers, and what they do. */

export type Person = {
  /** Empty for somebody who is known by an id only. */
  digits: string;
  name: string;
  /** Cloud API: the id of a person at this business (BSUID). WasenderApi: the LID, without its domain. */
  id: string | null;
  username: string | null;
};

/** `of`: the provider's id of the message it is about. */
export type Said =
  | { kind: "text"; text: string }
  | { kind: "edit"; of: string; text: string }
  | { kind: "delete"; of: string }
  | { kind: "reaction"; of: string; text: string };
