"""Makes a channel the component's interface `plugin`."""

from typing import Any

from campanile_channel.channel import Channel

try:
    from campanile_channel import component
except ModuleNotFoundError as missing:
    # Outside of a component there are no bindings: plugins are tested without being built.
    if missing.name not in ("wit_world", "componentize_py_types"):
        raise
    component = None  # type: ignore[assignment]


def export(channel: type[Channel[Any]]) -> type:
    """The class that a component exports: assign it to the name `Plugin` in the module that is built.

    In any other Python it is the channel itself.
    """
    return channel if component is None else component.plugin(channel)
