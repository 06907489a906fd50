"""The state of a case as bytes: what is somewhere now and what that still needs, nothing of the history.

Written are the tokens of the tree: the live ones, those from which several of them parted (joins compare with them) and
the one that finished last. So a case stays as small after a thousand rounds as after one, whatever the scope it goes
round in. Models are never stored.

Bytes: zstd over JSON ``{"v", "ended", "last", "scopes": [[host, graph]], "tokens": [row]}``.
"""

import threading
from collections.abc import Mapping
from datetime import datetime
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import orjson
import zstandard

from app.engine.case import Case
from app.engine.errors import EngineIncident
from app.engine.library import LIVE
from app.engine.merging import difference
from app.engine.ports import Runtime
from app.engine.scope import Scope, SubScope
from app.engine.token import Token

if TYPE_CHECKING:
    from app.engine.definition import Definition

VERSION: Final = 1
MOST_BYTES: Final = 64 << 20
"""A state unpacks to no more than this."""
_local = threading.local()


def encode(case: Case) -> bytes:
    """The state of a case at rest."""
    kept = _kept(case)
    place = {token.id: index for index, token in enumerate(kept)}
    scopes: list[Scope] = [case, *sorted(case.subprocesses.values(), key=_host_serial)]
    numbers = {id(scope): number for number, scope in enumerate(scopes)}
    document = {
        "v": VERSION,
        "ended": case.completed,
        "last": None if case.last is None else place[case.last.id],
        "scopes": [[place[host.id], scope.spec.key] for scope in scopes if (host := scope.host) is not None],
        "tokens": [_row(token, place, numbers[id(token.scope)]) for token in kept],
    }
    packed: bytes = _packer().compress(orjson.dumps(document))
    return packed


def _host_serial(scope: Scope) -> int:
    return -1 if scope.host is None else scope.host.serial


def _packer() -> zstandard.ZstdCompressor:
    """This thread's compressor; it checks its own result when unpacking."""
    if not hasattr(_local, "packer"):
        _local.packer = zstandard.ZstdCompressor(level=3, write_checksum=True)
        _local.unpacker = zstandard.ZstdDecompressor()
    packer: zstandard.ZstdCompressor = _local.packer
    return packer


def _kept(case: Case) -> list[Token]:
    """All tokens of the tree and the last one, parents before children."""
    kept = dict(case.tokens)
    if case.last is not None:
        kept[case.last.id] = case.last
    return sorted(kept.values(), key=attrgetter("serial"))


def _row(token: Token, place: Mapping[str, int], scope: int) -> list[Any]:
    parent = token.parent_token
    if token.delta is not None:
        written, removed = token.delta
    else:
        origin = token.origin
        written, removed = difference({} if origin is None else origin.data, token.data)
    internal = token.internal_data if token.has(LIVE) else None
    return [
        token.id,
        scope,
        -1 if parent is None else place[parent.id],
        token.state,
        token.node.name,
        token.since,
        internal or 0,
        written or 0,
        removed or 0,
    ]


def decode(blob: bytes, definition: "Definition", now: datetime, runtime: Runtime) -> Case:
    """The case that `encode` wrote; `EngineIncident` ``corrupt_state`` for bytes that are none of its states."""
    try:
        return _restored(_unpacked(blob), Case(definition, now, runtime))
    except (zstandard.ZstdError, ValueError, KeyError, IndexError, TypeError, AttributeError) as broken:
        raise EngineIncident("corrupt_state", f"not a state of {definition.process_id!r}: {broken!r}") from broken


def _unpacked(blob: bytes) -> dict[str, Any]:
    _packer()
    if zstandard.frame_content_size(blob) > MOST_BYTES:
        raise ValueError("larger than any state")
    document = orjson.loads(_local.unpacker.decompress(blob, max_output_size=MOST_BYTES))
    if not isinstance(document, dict) or document.get("v") != VERSION:
        raise ValueError("unknown version")
    return document


def rewritten(
    blob: bytes, nodes: Mapping[str, str], graphs: Mapping[str, str], called: Mapping[str, str] = MappingProxyType({})
) -> bytes:
    """The same state in another model: token id → name of its node there, host's id → key of the graph inside it.

    What the case knows under an element's id it knows under the one that it is ``called`` by, too.
    """
    document = _unpacked(blob)
    rows = document["tokens"]
    document["scopes"] = [[place, graphs[rows[place][0]]] for place, _ in document["scopes"]]
    for row in rows:
        row[4] = nodes[row[0]]
        for values in (row[7] or {}, (row[6] or {}).get("kept", {})):
            values.update({new: values[old] for old, new in called.items() if old in values and new not in values})
        row[8] = [*row[8], *(called[name] for name in row[8] if name in called)] if row[8] else 0
    packed: bytes = _packer().compress(orjson.dumps(document))
    return packed


def _restored(document: Mapping[str, Any], case: Case) -> Case:
    tokens: list[Token] = []
    scopes: list[Scope] = [case]
    hosts: dict[int, str] = dict(document["scopes"])
    for index, (token_id, scope, parent, *state) in enumerate(document["tokens"]):
        token = Token(
            scopes[scope], scopes[scope].spec.node(state[1]), None if parent < 0 else tokens[parent], token_id
        )
        _set(token, state)
        tokens.append(token)
        if index in hosts:
            inside = SubScope(case.definition.graphs[hosts[index]], token)
            case.subprocesses[token.id] = inside
            scopes.append(inside)
    case.completed = bool(document["ended"])
    case.last = None if document["last"] is None else tokens[document["last"]]
    return case


def _set(token: Token, state: list[Any]) -> None:
    value, _, since, internal, written, removed = state
    token.restore(value, since, internal or {}, (written or {}, removed or []))
    if token.node is token.scope.spec.end and token.has(LIVE):
        token.scope.end = token
