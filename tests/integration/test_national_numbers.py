"""The number that a partner states in its country reaches the organisation made of it."""

from __future__ import annotations

import importlib
import json
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from tessera.records.matching import match
from tessera.records.models import Candidate, Change, Mention, Merge, Record
from tests.integration.conftest import Deliver

pytestmark = pytest.mark.django_db

NUMBER = "22910368449"


def project(number: int, name: str, country: str = "HR", **more: Any) -> dict[str, Any]:
    party = {"name": name, "country": country, **more}
    return {"id": f"p:{number}", "kind": "project", "title": {"en": f"Project {number}"},
            "organisations": [{key: value for key, value in party.items() if value}]}  # fmt: skip


def organisations() -> dict[str, Any]:
    found = Record.objects.filter(kind="organisation", withdrawn_at=None)
    return {record.title: record.data.get("national_id") for record in found}


def test_a_partners_national_number_is_its_organisations(deliver: Deliver) -> None:
    deliver([project(1, "Lada", national_id=NUMBER), project(2, "LADA")])
    assert organisations() == {"LADA": NUMBER}
    deliver([project(1, "Lada", national_id=NUMBER), project(2, "LADA", national_id="33310368449")])
    assert organisations() == {"LADA": None}
    deliver([project(1, "Lada"), project(2, "LADA", national_id="33310368449")])
    assert organisations() == {"LADA": "33310368449"}


def test_the_same_number_in_one_country_is_evidence(deliver: Deliver) -> None:
    faculty = "Obrtničko učilište Split", "Obtničko učilište za odrasle Split"
    deliver([project(1, faculty[0]), project(2, faculty[1])])
    match()
    assert not Merge.objects.filter(undone_at=None).exists()
    deliver([project(n, name, national_id=NUMBER) for n, name in enumerate(faculty, start=1)])
    match()
    assert Merge.objects.filter(undone_at=None).count() == 1


@pytest.mark.parametrize("countries", [("", ""), ("HR", "SI"), ("HR", "")])
def test_the_same_number_without_the_same_country_is_none(
    deliver: Deliver, countries: tuple[str, str]
) -> None:
    deliver([
        project(1, "Kalvenor Alpha", countries[0], national_id=NUMBER),
        project(2, "Maslina Beta", countries[1], national_id=NUMBER),
    ])  # fmt: skip
    match()
    assert not Merge.objects.exists()
    assert not Candidate.objects.exists()


def test_the_same_number_under_unlike_names_is_asked_about(deliver: Deliver) -> None:
    deliver([
        project(1, "Kalvenor Alpha", national_id=NUMBER),
        project(2, "Maslina Beta", national_id="HR " + NUMBER),
    ])  # fmt: skip
    match()
    assert not Merge.objects.exists()
    assert Candidate.objects.count() == 1


def test_a_site_that_was_there_before_gets_the_numbers(deliver: Deliver) -> None:
    given = [project(1, "Lada", national_id=NUMBER), project(2, "LADA", "HR"), project(3, "Mita")]
    deliver(given)
    wanted = list(Record.objects.order_by("uid").values("uid", "data", "checksum"))
    mentions = sorted(Mention.objects.values_list("target_uid", "said", "times"))
    for mention in Mention.objects.all():
        mention.said = json.dumps(json.loads(mention.said)[:5], ensure_ascii=False)
        mention.save()
    old = Record.objects.get(title="LADA")
    old.data = {key: value for key, value in old.data.items() if key != "national_id"}
    old.checksum = "as it was"
    old.save()
    before = Change.objects.count()
    migration = importlib.import_module("tessera.records.migrations.0008_mentions_with_numbers")
    migration.count_anew(apps, connection.schema_editor())
    assert list(Record.objects.order_by("uid").values("uid", "data", "checksum")) == wanted
    assert sorted(Mention.objects.values_list("target_uid", "said", "times")) == mentions
    assert Change.objects.count() == before + 1
    deliver([project(3, "Mita")], max_loss=1.0)
    assert organisations() == {"Mita": None}
