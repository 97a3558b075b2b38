"""The encoding of a text is found by evidence."""

from __future__ import annotations

import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tessera.sources.formats.encoding import decode, encoding_of, encoding_of_file

TEXTS = [
    ("Größe der Straße, Köln; München; für Österreich", "cp1252"),
    ("Médiathèque de la région Île-de-France; coût éligible", "cp1252"),
    ("Società per azioni è più", "cp1252"),
    ("Žádost o dotaci příjemce kraje Šumperk řešení", "cp1250"),
    ("Łódź; Gdańsk; województwo śląskie, ręka", "cp1250"),
    ("Győri fővárosi önkormányzat működés", "cp1250"),
    ("Περιφέρεια Κρήτης; Αθήνα", "iso8859-7"),
    ("ΠΕΡΙΦΕΡΕΙΑ ΚΡΗΤΗΣ· “Άνω Λιόσια” – Άρτα", "cp1253"),
    ("Сдружение България, община София", "cp1251"),
    ("Lietuvos žemės ūkio rūmai, Šiaulių", "cp1257"),
]


@pytest.mark.parametrize(("text", "name"), TEXTS)
def test_one_byte_encodings_are_told_by_their_letters(text: str, name: str) -> None:
    assert decode(text.encode(name))[0] == text
    assert (
        encoding_of_file(io.BytesIO(text.encode(name))).name == encoding_of(text.encode(name)).name
    )


@pytest.mark.parametrize("name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_mark(name: str) -> None:
    text = "Łódź and Αθήνα;Größe\r\n" * 3
    found, encoding = decode(text.encode(name))
    assert (found, encoding.note) == (text, "")


def test_a_file_with_a_few_spoilt_bytes_is_still_utf_8() -> None:
    data = "Größe und Köln und Öl und Übung ".encode() * 20 + b"\xff end"
    text, encoding = decode(data)
    assert encoding.name == "utf-8"
    assert "not UTF-8" in encoding.note
    assert text.count("\ufffd") == 1


def test_doubt_is_said() -> None:
    assert "can't be told" in encoding_of(b"N\xaa \x8f \xf6 \xf3").note


@given(st.binary(max_size=400))
def test_any_bytes_have_an_encoding_that_reads_them(data: bytes) -> None:
    text, encoding = decode(data)
    assert isinstance(text, str)
    assert encoding_of_file(io.BytesIO(data)).name
    assert "".encode(encoding.name) is not None


def test_a_long_word_is_no_reason_to_wait() -> None:
    began = time.process_time()
    encoding_of(b"a" * 150_000 + b"\xe9")
    assert time.process_time() - began < 5


@pytest.mark.parametrize("spoilt", [b"\xff", b"\x00", b"\xc3", b"\xe9\xff"])
def test_some_spoilt_bytes_do_not_spoil_the_rest(spoilt: bytes) -> None:
    text = "Ein Radweg für Fußgänger; die Brücke über den Kanal".encode() + spoilt + b";\n"
    found = encoding_of(text)
    assert found.name == "utf-8"
    assert encoding_of_file(io.BytesIO(text)) == found
    assert bool(found.note) == (spoilt != b"\x00")
