"""The lookup `among`: a value is one of many, given to the database as one list.

`in` makes a parameter of each of five hundred values, and Django and the database look at each of
these many times over; with one list, such a query takes a third of the time.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.lookups import Lookup
from django.db.models.sql.compiler import SQLCompiler

if TYPE_CHECKING:
    _Lookup = Lookup[Any]
else:
    _Lookup = Lookup  # generic in its stubs alone


class Among(_Lookup):
    """`filter(uid__among=[...])`: whole numbers or texts, as in the column."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(
        self, compiler: SQLCompiler, connection: BaseDatabaseWrapper
    ) -> tuple[str, tuple[Any, ...]]:
        column, params = self.process_lhs(compiler, connection)
        values = list(self.rhs)
        if connection.vendor == "postgresql":
            return f"{column} = ANY(%s)", (*params, values)
        one_of = f"{column} IN (SELECT value FROM json_each(%s))"  # noqa: S608 - our own names  # nosec B608
        return one_of, (*params, json.dumps(values))


models.Field.register_lookup(Among)
models.ForeignKey.register_lookup(Among)
