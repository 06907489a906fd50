"""What a Word template may contain: names of facts, repetition and conditions; nothing that computes or calls."""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import TemplateError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import SandboxedEnvironment

from app.domain.errors import DomainError, Kind

_ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.For,
    nodes.If,
    nodes.Not,
    nodes.And,
    nodes.Or,
    nodes.Const,
    nodes.Compare,
    nodes.Operand,
    nodes.Getitem,
    nodes.Getattr,
)
_OF_LOOP = frozenset({"index", "first", "last", "length"})
_DEEPEST = 3


class TemplateNotAllowed(DomainError):
    """A template holds something besides names of facts, repetition and conditions. Params: ``found``."""

    code = "template_not_allowed"
    kind = Kind.UNPROCESSABLE


class PlaceholdersUnknown(DomainError):
    """A template names facts that its kind of paper has not got. Params: ``names``, ``known``."""

    code = "placeholders_unknown"
    kind = Kind.UNPROCESSABLE


class TemplateUnreadable(DomainError):
    """A file is no Word template that can be filled in. Params: ``reason``."""

    code = "template_unreadable"
    kind = Kind.UNPROCESSABLE


class Placeholders(SandboxedEnvironment):
    """The environment that templates are read in: every part of a template is judged before anything of it runs."""

    def __init__(self, known: Mapping[str, Any], **options: Any) -> None:
        super().__init__(**options)
        self.globals.clear()
        self.filters.clear()
        self._known = known

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Raises ``TemplateUnreadable``, ``TemplateNotAllowed``, ``PlaceholdersUnknown``."""
        try:
            tree = super()._parse(source, name, filename)
        except TemplateError as error:
            raise TemplateUnreadable(reason=str(error.message)) from error
        self._judge(tree)
        return tree

    def _judge(self, tree: nodes.Template) -> None:
        refused = next(_refused(tree, 0), None)
        if refused is not None:
            raise TemplateNotAllowed(found=refused)
        unknown = sorted(find_undeclared_variables(tree) - self._known.keys())
        if unknown:
            raise PlaceholdersUnknown(names=unknown, known=sorted(self._known))


def _refused(node: nodes.Node, depth: int) -> Iterator[str]:
    """The words for what a template may not hold."""
    if not isinstance(node, _ALLOWED):
        yield type(node).__name__
    elif isinstance(node, nodes.Getattr) and not _is_of_loop(node):
        yield f".{node.attr}"
    elif isinstance(node, nodes.Getitem) and not _is_place(node.arg):
        yield "[…]"
    deeper = depth + isinstance(node, nodes.For)
    if deeper > _DEEPEST:
        yield "for in for in for in for"
    for child in node.iter_child_nodes():
        yield from _refused(child, deeper)


def _is_of_loop(node: nodes.Getattr) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == "loop" and node.attr in _OF_LOOP


def _is_place(node: nodes.Node) -> bool:
    return isinstance(node, nodes.Const) and isinstance(node.value, int)
