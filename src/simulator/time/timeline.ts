/** Takes back one piece of work that is not done yet; harmless afterwards. */
export type Cancel = () => void;

/**
 * The time of the simulated world and the work that waits in it. Work is done in the order of its
 * time, never in the order of arrival: so a downlink that starts at the moment a window opens is on
 * the air before that window is found empty, however late the machine's timers are.
 */
export interface Timeline {
  /**
   * Milliseconds since 1970-01-01T00:00:00Z of simulated time, with fractions. Inside of work it is
   * the time the work was set for, not the later moment at which the machine got round to it.
   */
  now(): number;

  /** Does `work` once, at `time` or, if that has passed, as soon as possible. */
  at(time: number, work: () => void): Cancel;
}
