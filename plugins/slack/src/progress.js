/**
 * How far a delivery in several parts has come, kept from attempt to attempt in `resume`.
 */

/** The parts that Slack has. */
export class Progress {
  /**
   * @param {number} parts How many.
   * @param {import("./answer.js").Sent} first The first of them: the one to edit later.
   */
  constructor(parts, first) {
    this.parts = parts;
    this.first = first;
    /** What Slack remarked, each once. @type {Set<string>} */
    this.warnings = new Set();
  }

  /**
   * Reads what {@link write} wrote; anything else is no progress.
   * @param {string} resume
   */
  static read(resume) {
    const [parts = "", ts = "", channel = ""] = resume.split(",");
    return new Progress(/^[0-9]{1,4}$/.test(parts) ? Number(parts) : 0, { ts, channel, warnings: [] });
  }

  /** The number of parts, the timestamp of the first, and the channel it is in. */
  write() {
    return this.parts === 0 ? "" : `${this.parts},${this.first.ts},${this.first.channel}`;
  }

  /**
   * One more part.
   * @param {import("./answer.js").Sent} sent
   */
  add(sent) {
    if (this.parts === 0) this.first = sent;
    this.parts += 1;
    for (const warning of sent.warnings) this.warnings.add(warning);
  }

  /** The receipt once all parts are delivered. */
  receipt() {
    return { messageId: this.first.ts, target: this.first.channel, warnings: [...this.warnings] };
  }
}
