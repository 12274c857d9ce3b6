/** Something that waits for an operator. */
export interface Matter {
  /** Unique in the list. */
  readonly key: string;
  /** A word on what kind of trouble it is. */
  readonly word: string;
  readonly color: "red" | "orange" | "yellow";
  /** Where to go. */
  readonly to: string;
  readonly label: string;
  /** A DevEUI or another text that is read digit by digit. */
  readonly isIdentifier?: boolean;
  /** What is wrong and what to do, in sentences. */
  readonly detail: string;
}
