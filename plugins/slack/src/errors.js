/**
 * The errors that Slack documents for `chat.postMessage` and `chat.update`, those that it gives to any method, and what
 * each is to the host.
 *
 * https://docs.slack.dev/reference/methods/chat.postMessage#errors,
 * https://docs.slack.dev/reference/methods/chat.update#errors
 */

/**
 * @typedef {import("../sdk/src/index.js").Reason["tag"]} Tag
 * @typedef {{ reason: Tag, advice: string }} Meaning
 */

const TOKEN = "check `bot-token`";
const CHANNEL = "check `channel`";
const POSTING = "the channel's posting permissions forbid it";

/** @type {Record<Tag, Record<string, string>>} */
const TABLE = {
  "rate-limited": {
    message_limit_exceeded: "the workspace sends too many messages",
    rate_limited: "",
    ratelimited: "",
  },
  // With `fatal_error` and `internal_error` the message may be there all the same: nothing tells.
  transient: {
    external_channel_migrating: "",
    fatal_error: "",
    internal_error: "",
    org_login_required: "the workspace is being migrated",
    request_timeout: "",
    service_unavailable: "",
    streaming_state_conflict: "",
    team_added_to_org: "the workspace is being migrated",
    update_failed: "",
  },
  "content-refused": {
    attachment_payload_limit_exceeded: "",
    block_mismatch: "",
    invalid_arguments: "",
    invalid_attachments: "",
    invalid_blocks: "",
    invalid_blocks_format: "",
    markdown_text_conflict: "",
    msg_blocks_too_long: "",
    msg_too_long: "",
    no_text: "",
    slack_connect_canvas_sharing_blocked: "",
    slack_connect_clip_sharing_blocked: "",
    slack_connect_file_link_sharing_blocked: "",
    slack_connect_lists_sharing_blocked: "",
    too_many_attachments: "",
    too_many_contact_cards: "",
  },
  misconfigured: {
    access_denied: TOKEN,
    accesslimited: "Slack does not allow this network",
    account_inactive: TOKEN,
    as_user_not_supported: "",
    channel_not_found: `${CHANNEL}; the app has to be a member of a private channel`,
    channel_type_not_supported: CHANNEL,
    deprecated_endpoint: "",
    ekm_access_denied: "administrators have suspended posting",
    enterprise_is_restricted: TOKEN,
    invalid_auth: TOKEN,
    invalid_thread_ts: "check `thread-ts`",
    is_archived: "the channel is archived",
    is_bot: CHANNEL,
    messages_tab_disabled: "allow messages to the app in its App Home",
    method_deprecated: "",
    missing_scope: "add the scope to the app and install it again",
    no_permission: "invite the app to the channel",
    not_allowed_token_type: `${TOKEN}: a bot token begins with xoxb-`,
    not_authed: TOKEN,
    not_in_channel: "invite the app to the channel",
    restricted_action: POSTING,
    restricted_action_non_threadable_channel: POSTING,
    restricted_action_read_only_channel: POSTING,
    restricted_action_thread_only_channel: `${POSTING}; set \`thread-ts\``,
    team_access_not_granted: TOKEN,
    team_not_found: TOKEN,
    thread_not_found: "check `thread-ts`",
    token_expired: TOKEN,
    token_revoked: TOKEN,
    two_factor_setup_required: TOKEN,
    unknown_method: "check `api-url`",
    user_not_found: CHANNEL,
  },
  rejected: {
    cannot_reply_to_message: "",
    cant_broadcast_message: "",
    cant_update_message: "",
    duplicate_channel_not_found: "",
    duplicate_message_not_found: "",
    edit_window_closed: "",
    invalid_arg_name: "",
    invalid_array_arg: "",
    invalid_charset: "",
    invalid_form_data: "",
    invalid_json: "",
    invalid_metadata_format: "",
    invalid_metadata_schema: "",
    invalid_post_type: "",
    is_inactive: "",
    json_not_object: "",
    message_not_found: "",
    metadata_must_be_sent_from_app: "",
    metadata_too_large: "",
    missing_post_type: "",
    no_dual_broadcast_content_update: "",
  },
};

/** Each documented error, and what it is. @type {Map<string, Meaning>} */
export const DOCUMENTED = new Map(
  /** @type {Tag[]} */ (Object.keys(TABLE)).flatMap((reason) =>
    Object.entries(TABLE[reason]).map(([error, advice]) => /** @type {const} */ ([error, { reason, advice }])),
  ),
);

/**
 * What `error` is to the host. One that is not documented may be about the content: a simpler message is worth a try.
 * @param {string} error
 * @returns {Meaning}
 */
export function meaning(error) {
  return DOCUMENTED.get(error) ?? { reason: "content-refused", advice: "" };
}
