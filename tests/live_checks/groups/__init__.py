"""The groups of checks. Each module has a name, a summary, the permissions that it needs, a plan, and the checks."""

from types import ModuleType

from . import delivery, error_action, immutability, policy, presence, retries, sql, template

# In the order in which they run: what only looks comes first, what tells people last.
ALL: dict[str, ModuleType] = {
    group.NAME: group for group in (template, immutability, sql, policy, presence, error_action, retries, delivery)
}
