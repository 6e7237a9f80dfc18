"""Where things stand in a YAML file."""

from __future__ import annotations

import yaml

# A configuration is five levels deep; deeper is only an anchor that contains itself.
_DEEPEST = 12


def yaml_lines(text: str) -> dict[tuple[str | int, ...], int]:
    """Tell on which line (from 1) each key and list item of a YAML text stands, by its path."""
    lines: dict[tuple[str | int, ...], int] = {}

    def walk(node: yaml.Node | None, place: tuple[str | int, ...]) -> None:
        if len(place) > _DEEPEST:
            return
        if isinstance(node, yaml.MappingNode):
            for key, value in node.value:
                lines[(*place, str(key.value))] = key.start_mark.line + 1
                walk(value, (*place, str(key.value)))
        elif isinstance(node, yaml.SequenceNode):
            for number, item in enumerate(node.value):
                lines[(*place, number)] = item.start_mark.line + 1
                walk(item, (*place, number))

    walk(yaml.compose(text, Loader=yaml.SafeLoader), ())
    return lines
