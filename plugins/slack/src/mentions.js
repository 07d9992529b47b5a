/**
 * Who is notified: those that the settings name, and nobody else.
 *
 * https://docs.slack.dev/messaging/formatting-message-text#advanced,
 * https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
 */

/** @typedef {Partial<import("./settings.js").Settings>} Mentions */

/**
 * In text, which must not be escaped.
 * @param {Mentions} settings
 */
export function mentionsAsText(settings) {
  const { users, groups, everyone } = mentioned(settings);
  const written = [
    ...everyone.map((range) => `<!${range}>`),
    ...users.map((id) => `<@${id}>`),
    ...groups.map((id) => `<!subteam^${id}>`),
  ];
  return written.join(" ");
}

/**
 * As elements of a rich text section.
 * @param {Mentions} settings
 */
export function mentionsAsElements(settings) {
  const { users, groups, everyone } = mentioned(settings);
  const elements = [
    ...everyone.map((range) => ({ type: "broadcast", range })),
    ...users.map((id) => ({ type: "user", user_id: id })),
    ...groups.map((id) => ({ type: "usergroup", usergroup_id: id })),
  ];
  return elements.flatMap((element, index) => (index === 0 ? [element] : [{ type: "text", text: " " }, element]));
}

/** @param {Mentions} settings */
function mentioned(settings) {
  const range = settings["mention-everyone"] ?? "no";
  return {
    users: settings["mention-users"] ?? [],
    groups: settings["mention-groups"] ?? [],
    everyone: range === "no" ? [] : [range],
  };
}
