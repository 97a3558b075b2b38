"""The parameters of a request, in their order, as (name, value) pairs."""

from __future__ import annotations

from urllib.parse import parse_qsl

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest

MAX_PARAMS = 500


def pairs(request: HttpRequest) -> list[tuple[str, str]]:
    """All of them, blank ones too. Raises SuspiciousOperation (400) where there are too many."""
    try:
        return parse_qsl(
            request.META.get("QUERY_STRING", ""),
            keep_blank_values=True,
            max_num_fields=MAX_PARAMS,
            errors="replace",
        )
    except ValueError as error:
        message = f"More than {MAX_PARAMS} parameters in the address; leave some out."
        raise SuspiciousOperation(message) from error
