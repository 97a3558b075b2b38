"""Vocabularies in SKOS: every label with its language, the URI as key, hostile files refused."""

from __future__ import annotations

import gzip
import random
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse, serialize

from tessera.sources.formats.rdf import RdfError, statements
from tessera.sources.skos.importer import Unreadable
from tests.unit.sources.making import SOURCES, shared, zipped
from tests.unit.sources.vocabularies import read

CRAFTS = SOURCES / "skos" / "sample" / "crafts.ttl"
C = "http://example.org/crafts/"
HEAD = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
    'xmlns:skos="http://www.w3.org/2004/02/skos/core#">'
)


def written(path: Path, text: str | bytes) -> Path:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_labels_codes_and_links_are_read() -> None:
    found, errors = read("skos", CRAFTS)
    assert errors == []
    assert {each.kind for each in found.values()} == {"concept", "scheme", "collection"}
    barrels = found[f"{C}barrels"]
    assert barrels.labels == {"de": "Fassbinderei", "en": "barrel making"}
    assert barrels.alternatives == {"de": ("Küferei",), "en": ("cooperage", "coopering")}
    assert barrels.hidden == {"en": ("cooprage",)}
    assert barrels.notes == {"definition": {"en": ("Making of vessels of staves.",)}}
    assert barrels.broader == (f"{C}wood",), "stated from above alone"
    assert barrels.collections == (f"{C}winter",)
    assert barrels.matches == {"exact": ("http://example.net/trades/cooper",)}
    assert (barrels.notation, barrels.top, barrels.deprecated) == ("1.1", False, False)
    wood = found[f"{C}wood"]
    assert wood.labels == {"de": "Holzhandwerk", "en": "woodwork"}, "labels that are things"
    assert wood.top and wood.schemes == (f"{C}all",)
    pegs = found[f"{C}pegs"]
    assert pegs.deprecated and pegs.replaced_by == (f"{C}barrels",)
    scheme = found[f"{C}all"]
    assert (scheme.version, scheme.issued) == ("2.1", "2026-01-31")
    assert scheme.licence == "http://example.org/free"


@pytest.mark.parametrize(
    ("ending", "form"),
    [(".rdf", RdfFormat.RDF_XML), (".nt", RdfFormat.N_TRIPLES), (".jsonld", RdfFormat.JSON_LD)],
)
def test_the_same_in_every_spelling(tmp_path: Path, ending: str, form: RdfFormat) -> None:
    path = tmp_path / f"crafts{ending}"
    triples = [quad.triple for quad in parse(path=str(CRAFTS), format=RdfFormat.TURTLE)]
    serialize(triples, str(path), form)
    assert read("skos", path)[0] == read("skos", CRAFTS)[0]


def test_in_any_order_and_in_several_files(tmp_path: Path) -> None:
    path = tmp_path / "crafts.nt"
    triples = [quad.triple for quad in parse(path=str(CRAFTS), format=RdfFormat.TURTLE)]
    serialize(triples, str(path), RdfFormat.N_TRIPLES)
    lines = path.read_text().splitlines()
    expected = read("skos", CRAFTS)[0]
    for seed in range(5):
        random.Random(seed).shuffle(lines)
        one = written(tmp_path / "one.nt", "\n".join(lines[:20]) + "\n")
        two = written(tmp_path / "two.nt", "\n".join(lines[20:]) + "\n")
        assert read("skos", one, two)[0] == expected


def test_two_preferred_labels_are_both_kept(tmp_path: Path) -> None:
    path = written(
        tmp_path / "a.ttl",
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
        '<http://a/1> a skos:Concept ; skos:prefLabel "b"@en, "a"@en ; skos:notation "1" . '
        '<http://a/2> a skos:Concept . [] a skos:Concept ; skos:prefLabel "nameless" .',
    )
    found, errors = read("skos", path)
    assert found["http://a/1"].labels == {"en": "a"}
    assert found["http://a/1"].alternatives == {"en": ("b",)}
    assert found["http://a/2"].label() == "http://a/2"
    told = [(each.warning, each.message) for each in errors]
    assert any(warning and "several preferred labels in 'en'" in text for warning, text in told)
    assert any(warning and "no label in any language" in text for warning, text in told)
    assert any(not warning and "'nameless' has no URI" in text for warning, text in told)


def test_a_byte_order_mark_is_no_error(tmp_path: Path) -> None:
    path = written(tmp_path / "bom.ttl", b"\xef\xbb\xbf" + CRAFTS.read_bytes())
    assert read("skos", path)[0] == read("skos", CRAFTS)[0]


def _bomb(levels: int = 9) -> str:
    entities = '<!ENTITY a0 "aaaaaaaaaa">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, levels)
    )
    concept = f'<skos:Concept rdf:about="http://a/1"><skos:prefLabel>&a{levels - 1};'
    return (
        f'<?xml version="1.0"?><!DOCTYPE r [{entities}]>{HEAD}{concept}'
        "</skos:prefLabel></skos:Concept></rdf:RDF>"
    )


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("bomb.rdf", _bomb(), "declares the entity 'a1'"),
        ("out.rdf", '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/hostname">]>' + HEAD + "&x;",
         "declares the entity 'x'"),
        ("long.rdf", f'<!DOCTYPE r [<!ENTITY x "{"y" * 5000}">]>{HEAD}', "declares the entity 'x'"),
        ("deep.rdf", HEAD + "<skos:Concept><skos:broader>" * 50_000, "more than 100 deep"),
        ("wide.rdf", HEAD + f'<skos:Concept rdf:about="http://a/{"x" * 2_000_000}"/></rdf:RDF>',
         "attribute of more than 1,000,000"),
        ("text.rdf", HEAD + '<skos:Concept rdf:about="http://a/1"><skos:note>'
         + "x" * 1_100_000 + "</skos:note></skos:Concept></rdf:RDF>", "text of more than 1,000,"),
        ("latin.rdf", '<?xml version="1.0" encoding="ISO-8859-1"?>' + HEAD + "</rdf:RDF>",
         "save it as that"),
        ("torn.rdf", HEAD + '<skos:Concept rdf:about="http://a/1">', "broken XML in line 1"),
        ("torn.ttl", '<http://a/1> <http://www.w3.org/2004/02/skos/core#note> "half', "broken"),
        ("long.ttl", '<http://a/1> <http://a/p> "' + "x" * 20_000_000, "too long"),
        ("latin.ttl", "<http://a/1> <http://a/p> \"\xe9\" .".encode("latin-1"), "UTF-8"),
        ("away.jsonld", '{"@context": "http://127.0.0.1:9/c", "@id": "http://a/1"}', "broken"),
        ("deep.jsonld", '{"http://a/p":' * 100_000, "broken"),
        ("alias.yaml", "a: &a [x, x]\nb: [*a, *a]\nconcepts: {1: {}}", "alias"),
        ("other.yaml", "a: 1", "no `concepts`"),
        ("bad.yaml", "concepts: {1: [}", "broken YAML"),
        ("zip.rdf", b"PK\x03\x04\x00\x01", "broken XML"),
    ],
)  # fmt: skip
def test_what_is_broken_or_hostile_is_refused_with_a_reason(
    tmp_path: Path, name: str, content: str | bytes, told: str
) -> None:
    path = written(tmp_path / name, content)
    begun = time.monotonic()
    with pytest.raises(Unreadable, match=f"{name}.*{told}"):
        read("eurovoc" if name.endswith("yaml") else "skos", path)
    assert time.monotonic() - begun < 20


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_a_file_cut_or_spoilt_anywhere_is_refused_or_read_and_nothing_else(
    tmp_path: Path, data: st.DataObject
) -> None:
    sample = data.draw(st.sampled_from([
        CRAFTS, SOURCES / "isced_f" / "sample" / "fields.rdf",
        SOURCES / "eurovoc" / "sample" / "thesaurus.yaml",
    ]))  # fmt: skip
    content = bytearray(sample.read_bytes())
    end = data.draw(st.integers(0, len(content)))
    content = content[:end]
    for _ in range(data.draw(st.integers(0, 4))):
        if content:
            content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    path = written(tmp_path / f"spoilt{sample.suffix}", bytes(content))
    try:
        found, errors = read("eurovoc", path)
    except Unreadable as error:
        assert path.name in str(error)
    else:
        assert found or errors


def test_the_yaml_form_gives_the_same_as_rdf_would() -> None:
    found, errors = read("eurovoc", SOURCES / "eurovoc" / "sample")
    assert errors == []
    base = "http://eurovoc.europa.eu/"
    assert set(found) == {base + n for n in ("1", "2", "900004", "900041", "100141")}
    path = found[f"{base}1"]
    assert path.labels == {"en": "footpath", "fr": "sentier"}
    assert path.alternatives == {"en": ("trail",)}
    assert path.top and found[f"{base}2"].broader == (path.uri,)
    assert found[f"{base}900041"].broader == (f"{base}900004",)
    assert found[f"{base}100141"].issued == "2026-01-31"


def test_ids_without_addresses_are_no_vocabulary_of_their_own() -> None:
    with pytest.raises(Unreadable, match="importer of its vocabulary"):
        read("skos", SOURCES / "eurovoc" / "sample" / "thesaurus.yaml")


def test_a_folder_without_a_vocabulary_is_an_error(tmp_path: Path) -> None:
    found, (error,) = read("skos", tmp_path)
    assert found == {} and ".ttl" in error.message
    empty = written(tmp_path / "a.ttl", "")
    found, (error,) = read("skos", empty)
    assert found == {} and "no skos:Concept" in error.message


@pytest.mark.parametrize(
    ("slug", "name", "concepts", "languages", "labels"),
    [
        ("euroscivoc", "EuroSciVoc.ttl", 1016, 6, 8956),
        ("isced-f", "international-education-classification-skos-ap-eu.ttl", 220, 30, 6630),
        ("skos", "digital-competence-framework-skos-ap-eu.rdf", 194, 29, 417),
        ("skos", "edcc-taxonomy.rdf", 1250, 1, 1290),
        ("eurovoc", "eurovoc_en_fr.yaml", 7317, 2, 33535),
    ],
)
def test_the_real_ones_are_read_whole(
    slug: str, name: str, concepts: int, languages: int, labels: int
) -> None:
    found, errors = read(slug, shared("vocab", name))
    assert [each for each in errors if not each.warning] == []
    own = [each for each in found.values() if each.kind == "concept"]
    assert len(own) == concepts
    assert all(each.labels and each.schemes for each in own)
    assert len({lang for each in found.values() for lang in each.labels}) == languages
    assert sum(len(each.all_labels()) for each in found.values()) == labels
    known = set(found)
    assert all(uri in known for each in own for uri in each.broader)


def test_two_spellings_of_a_real_one_are_one() -> None:
    turtle = shared("vocab", "edcc-taxonomy.ttl")
    xml = shared("vocab", "edcc-taxonomy.rdf")
    assert read("skos", turtle)[0] == read("skos", xml)[0]


@pytest.mark.parametrize("piece", [b"0", b"<!--", b"<a b='", b"<x"])
def test_a_piece_without_an_end_is_refused_before_it_takes_long(
    tmp_path: Path, piece: bytes
) -> None:
    path = tmp_path / "t.rdf"
    path.write_bytes(piece + b"0" * 12_000_000)
    with pytest.raises(RdfError, match="of more than 4,000,000 bytes"):
        list(statements(path))


def test_many_short_pieces_are_no_long_one(tmp_path: Path) -> None:
    path = tmp_path / "t.rdf"
    start = b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
    path.write_bytes(start + b"<!-- a comment -->\n" * 400_000 + b"</rdf:RDF>")
    assert list(statements(path)) == []


def test_a_packed_vocabulary_is_the_same(tmp_path: Path) -> None:
    wanted, _ = read("skos", CRAFTS)
    gz = written(tmp_path / "crafts.TTL.gz", gzip.compress(CRAFTS.read_bytes()))
    archive = zipped(tmp_path / "crafts.zip", {
        "in/crafts.ttl": CRAFTS.read_bytes(), "readme.txt": "see there", "__MACOSX/a.ttl": "no",
    })  # fmt: skip
    folder = tmp_path / "folder" / "below"
    folder.mkdir(parents=True)
    shutil.copy(archive, folder)
    (folder / "other.tar.gz").write_bytes(b"nothing that is read")
    for path in (gz, archive, folder.parent):
        assert read("skos", path) == (wanted, [])


def test_yaml_in_an_archive_is_read(tmp_path: Path) -> None:
    sample = next((SOURCES / "eurovoc" / "sample").glob("*.yaml"))
    archive = zipped(tmp_path / "eurovoc.zip", {sample.name: sample.read_bytes()})
    assert read("eurovoc", archive) == read("eurovoc", sample)


def test_an_archive_without_a_vocabulary_is_an_error(tmp_path: Path) -> None:
    found, errors = read("skos", zipped(tmp_path / "a.zip", {"readme.txt": "see there"}))
    assert not found
    assert "has no file that ends in" in errors[0].message


@pytest.mark.parametrize("name", ["crafts.ttl.gz", "crafts.rdf.gz", "crafts.zip", "e.yaml.gz"])
@pytest.mark.parametrize("cut", [0.1, 0.5, 0.99])
def test_a_packed_vocabulary_that_breaks_off_changes_nothing(
    tmp_path: Path, name: str, cut: float
) -> None:
    body = "".join(f"<{C}{number}> <{C}is> <{C}{random.Random(number).random()}> .\n"
                   for number in range(2000)).encode()  # fmt: skip
    if name == "crafts.zip":
        whole = zipped(tmp_path / name, {"crafts.ttl": body}).read_bytes()
    else:
        whole = gzip.compress(body)
    path = written(tmp_path / name, whole[: int(len(whole) * cut)])
    with pytest.raises(Unreadable, match=r"archive|broken"):
        read("skos", path)


@pytest.mark.parametrize("ending", [".ttl", ".rdf", ".yaml"])
def test_what_inflates_beyond_measure_is_refused(tmp_path: Path, ending: str) -> None:
    bomb = (b"# " + b" " * 1000 + b"\n") * 31_000
    packed = written(tmp_path / f"bomb{ending}.gz", gzip.compress(bomb))
    with pytest.raises(Unreadable, match=r"inflates to more|broken XML|30 MB"):
        read("skos", packed)
    with pytest.raises(Unreadable, match="would inflate"):
        read("skos", zipped(tmp_path / "bomb.zip", {f"bomb{ending}": bomb}))
