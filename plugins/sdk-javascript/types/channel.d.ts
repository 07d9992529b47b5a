// Made of wit/channel.wit by types/generate.js: change that and run it.

declare module 'campanile:channel/http@0.1.0' {
  export function send(request: Request): Response;
  export interface Request {
    /**
     * `GET`, `POST`, `PUT`, `PATCH` or `DELETE`.
     */
    method: string,
    /**
     * Absolute URL. May contain references from `secrets.reference` where they were declared.
     */
    url: string,
    /**
     * Names and values. `host`, `content-length` and the other headers of the connection are the host's.
     */
    headers: Array<[string, string]>,
    /**
     * At most 1 MiB.
     */
    body: Uint8Array,
    /**
     * Milliseconds to wait for the whole answer; 0 for the host's own limit.
     */
    timeoutMs: number,
  }
  /**
   * Any answer of the server, whatever its status. Redirects are not followed.
   */
  export interface Response {
    status: number,
    /**
     * Names in lower case, in the order received.
     */
    headers: Array<[string, string]>,
    /**
     * At most 1 MiB. Values of secrets are masked here and in `headers`.
     */
    body: Uint8Array,
  }
  /**
   * Why there is no answer.
   */
  export type SendReason = SendReasonDenied | SendReasonTimeout | SendReasonTooLarge | SendReasonNetwork | SendReasonInvalid;
  /**
   * The host refused: not granted, a forbidden address, a secret in the wrong place.
   */
  export interface SendReasonDenied {
    tag: 'denied',
    val: string,
  }
  /**
   * No complete answer in time.
   */
  export interface SendReasonTimeout {
    tag: 'timeout',
  }
  /**
   * Request or answer larger than allowed.
   */
  export interface SendReasonTooLarge {
    tag: 'too-large',
  }
  /**
   * No connection, or it broke.
   */
  export interface SendReasonNetwork {
    tag: 'network',
    val: string,
  }
  /**
   * Not a valid request.
   */
  export interface SendReasonInvalid {
    tag: 'invalid',
    val: string,
  }
  export interface SendError {
    reason: SendReason,
    /**
     * Whether the provider may have seen the request. If so, the message may have been delivered.
     */
    requestSent: boolean,
  }
}

declare module 'campanile:channel/log@0.1.0' {
  export function write(level: Level, message: string): void;
  /**
   * # Variants
   *
   * ## `"debug"`
   *
   * ## `"info"`
   *
   * ## `"warn"`
   *
   * ## `"error"`
   */
  export type Level = 'debug' | 'info' | 'warn' | 'error';
}

declare module 'campanile:channel/plugin@0.1.0' {
  /**
   * Who the plugin is and what it wants: a JSON document, format `describe-version` 1, as in
   * `docs/writing-a-plugin.md`. Called without any grant. Must not depend on anything but the plugin's version.
   */
  export function describe(): string;
  /**
   * Makes one attempt. `settings-json` is an object that satisfies the schema in the description.
   */
  export function deliver(notification: Notification, settingsJson: string, attempt: Attempt): Receipt;
  export type Notification = import('campanile:channel/types@0.1.0').Notification;
  export type Attempt = import('campanile:channel/types@0.1.0').Attempt;
  export type Receipt = import('campanile:channel/types@0.1.0').Receipt;
  export type Failure = import('campanile:channel/types@0.1.0').Failure;
}

declare module 'campanile:channel/secrets@0.1.0' {
  /**
   * A placeholder for the secret `name`, or for its part `NAME.PART` (a named group of the declared pattern).
   *
   * Put it where the description says the secret appears. The host replaces it when the request leaves, if
   * the request goes to a host that the secret is bound to. It is made of unreserved URL characters, random,
   * and good for one request: ask again for the next.
   */
  export function reference(name: string): string;
  export type ReferenceError = ReferenceErrorUndeclared | ReferenceErrorUnset;
  /**
   * The plugin's description does not declare this name.
   */
  export interface ReferenceErrorUndeclared {
    tag: 'undeclared',
  }
  /**
   * Declared, but `campanile.toml` sets no value for this channel.
   */
  export interface ReferenceErrorUnset {
    tag: 'unset',
  }
}

declare module 'campanile:channel/types@0.1.0' {
  /**
   * How urgent a notification is, from the route that matched the event.
   * # Variants
   *
   * ## `"debug"`
   *
   * ## `"info"`
   *
   * ## `"warning"`
   *
   * ## `"error"`
   *
   * ## `"critical"`
   */
  export type Severity = 'debug' | 'info' | 'warning' | 'error' | 'critical';
  /**
   * How `notification.body` is written.
   * # Variants
   *
   * ## `"text"`
   *
   * Plain text. Every character means itself: escape what your provider would interpret.
   * ## `"html"`
   *
   * HTML made by the route's template; values of the event in it are escaped already.
   * Treat tags you can't show as if they were not there, and never show them raw.
   */
  export type TextFormat = 'text' | 'html';
  /**
   * How elaborate the message may be. The host steps down when the provider refuses the content,
   * so that content never loses an alert.
   * # Variants
   *
   * ## `"rich"`
   *
   * Everything the provider offers: markup, colours, fields.
   * ## `"plain"`
   *
   * Text without any markup.
   * ## `"minimal"`
   *
   * `title` and nothing else, without any markup.
   */
  export type Presentation = 'rich' | 'plain' | 'minimal';
  /**
   * One named fact of the event, ready to show.
   */
  export interface Field {
    name: string,
    value: string,
  }
  /**
   * What people should read: rendered by the host, the same for all channels of a route.
   * All text may contain anything a device sent. At most 8 KiB of title and 64 KiB of body.
   */
  export interface Notification {
    /**
     * The event's key: UUIDv7 from the device, or the trace id of the platform.
     */
    eventId: string,
    /**
     * The device that changed state, for example `home-heating`.
     */
    deviceId: string,
    /**
     * The state it changed to, for example `INACTIVE`.
     */
    status: string,
    severity: Severity,
    /**
     * One line of plain text, whatever `body-format` says.
     */
    title: string,
    body: string,
    bodyFormat: TextFormat,
    /**
     * When the transition happened: RFC 3339, UTC, for example `2026-11-23T04:05:06Z`.
     */
    occurredAt: string,
    /**
     * Facts to show beside the body, in this order.
     */
    fields: Array<Field>,
    /**
     * The event as the device sent it: a JSON object.
     */
    eventJson: string,
  }
  /**
   * What the provider answered on success.
   */
  export interface Receipt {
    /**
     * The provider's id of the message; empty if it gives none.
     */
    messageId: string,
    /**
     * The address it went to, as the provider names it (a chat id); empty if there is just one.
     */
    target: string,
    /**
     * What the operator should know or change, for example a chat that has moved.
     */
    warnings: Array<string>,
  }
  /**
   * Which try of a delivery this is.
   */
  export interface Attempt {
    /**
     * The same on every attempt of a delivery: pass it on as idempotency key where the provider has one.
     */
    deliveryId: string,
    /**
     * 1 on the first attempt.
     */
    number: number,
    presentation: Presentation,
    /**
     * Milliseconds until the host stops this attempt.
     */
    remainingMs: number,
    /**
     * `failure.resume` of the attempt before this one; empty on the first.
     */
    resume: string,
    /**
     * The receipt of an earlier message of the same alert that this one should edit, if any.
     */
    earlier?: Receipt,
  }
  /**
   * Why an attempt did not deliver. It decides what the host does next.
   */
  export type Reason = ReasonRateLimited | ReasonTransient | ReasonContentRefused | ReasonRejected | ReasonMisconfigured;
  /**
   * The provider asked to wait: milliseconds, or 0 if it did not say how long.
   */
  export interface ReasonRateLimited {
    tag: 'rate-limited',
    val: number,
  }
  /**
   * It may work later without any change: provider errors, no connection.
   */
  export interface ReasonTransient {
    tag: 'transient',
  }
  /**
   * The provider refuses this content: the host tries again with a simpler presentation.
   */
  export interface ReasonContentRefused {
    tag: 'content-refused',
  }
  /**
   * It will never work for this message: the target is gone or has blocked us.
   */
  export interface ReasonRejected {
    tag: 'rejected',
  }
  /**
   * It will never work until somebody changes settings, secrets or grants.
   */
  export interface ReasonMisconfigured {
    tag: 'misconfigured',
  }
  export interface Failure {
    reason: Reason,
    /**
     * One sentence for the operator, with the provider's own words.
     */
    detail: string,
    /**
     * Handed to the next attempt of this delivery: how far this one came (parts already sent,
     * a new address). At most 4 KiB; empty if there is nothing to remember.
     */
    resume: string,
  }
}
