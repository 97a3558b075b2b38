"""What of a record each audience sees, and the documents that this makes."""

from __future__ import annotations

from dataclasses import replace

from tessera.engine.audience import Audience
from tessera.engine.document import Document
from tessera.schema.document import RecordView, to_document
from tessera.schema.visibility import shows_link, visible


def seen(view: RecordView, audience: Audience) -> RecordView | None:
    """What an audience may see of a record and its links; None where the record isn't for it.

    Everything that is put out of a record goes through here.
    """
    if not view.is_restricted:
        return view
    data = visible(view.data, audience)
    if data is None:
        return None
    links = []
    for link in view.links:
        linked = visible(link.data, audience)
        if linked is not None and shows_link(
            view.data if link.outgoing else link.data, link.rel, audience
        ):
            links.append(replace(link, data=linked))
    return replace(view, data=data, links=tuple(links))


def to_documents(view: RecordView) -> tuple[Document, ...]:
    """The documents of a record: one for all, one for each audience, or none.

    Where members see just what everyone sees there is one.
    """
    if not view.is_restricted:
        return (to_document(view),)
    found: list[Document] = []
    for audience in Audience:
        what = seen(view, audience)
        if what is None:
            continue
        made = replace(to_document(what), audiences=frozenset({audience}))
        if found and replace(made, audiences=found[0].audiences) == found[0]:
            found[0] = replace(made, audiences=found[0].audiences | {audience})
        else:
            found.append(made)
    return tuple(found)
