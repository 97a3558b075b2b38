"""A hook of schemathesis: leaves out requests that no server takes, as their address is too long.

The limit is that of gunicorn, 8,190 bytes for the first line of a request.
"""

from __future__ import annotations

from urllib.parse import urlencode

import schemathesis


@schemathesis.hook
def filter_case(context: schemathesis.HookContext, case: schemathesis.Case) -> bool:
    return len(urlencode(case.query or {}, doseq=True)) < 8_000
