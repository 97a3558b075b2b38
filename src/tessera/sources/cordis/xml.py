"""The XML of CORDIS in the shape of its tables, so that both are mapped by the same rules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

Row = dict[str, Any]
_PROJECT: Final = (
    "id", "rcn", "acronym", "title", "objective", "keywords", "totalCost", "ecMaxContribution",
    "startDate", "endDate", "ecSignatureDate", "status", "contentUpdateDate", "language",
)  # fmt: skip
_ARTICLE: Final = (
    "id", "rcn", "language", "title", "teaser", "keywords", "contentCreationDate",
    "contentUpdateDate",
)  # fmt: skip


class XmlError(ValueError):
    """A file that is no XML of CORDIS; the message continues a sentence with its name."""


def read_xml(data: bytes) -> tuple[str, list[tuple[str, Row]]]:
    """What a file holds: the name of its root, and (kind of table, row) pairs.

    A list of scraped items gives rows of the kind "scrape". Other roots give none.
    """
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise XmlError(f"is no XML that can be read ({error or type(error).__name__})") from None
    for element in root.iter():
        if isinstance(element.tag, str):
            element.tag = element.tag.rpartition("}")[2]
    name = str(root.tag)
    match name:
        case "project":
            return name, list(_project(root))
        case "article":
            return name, [("article", _article(root))]
        case "items":
            return name, [("scrape", _item(each)) for each in root.findall("item")]
    return name, []


def _text(element: Element | None) -> str:
    return "".join(element.itertext()).strip() if element is not None else ""


def _fields(root: Element, names: tuple[str, ...]) -> Row:
    return {name.lower(): text for name in names if (text := _text(root.find(name)))}


def _project(root: Element) -> Iterator[tuple[str, Row]]:
    project = _fields(root, _PROJECT)
    project["grantdoi"] = _text(root.find("identifiers/grantDoi"))
    found = root.find("relations/associations")
    related = list(found) if found is not None else []
    for each in related:
        kind = each.get("type", "")
        if each.tag == "organization":
            yield "organization", _organisation(each)
        elif each.tag == "programme" and kind == "relatedTopic":
            yield "topics", {"topic": _text(each.find("code")), "title": _text(each.find("title"))}
        elif each.tag == "programme" and kind == "relatedLegalBasis":
            project.setdefault("frameworkprogramme", _text(each.find("frameworkProgramme")))
            yield (
                "legalBasis",
                {
                    "legalbasis": _text(each.find("code")),
                    "title": _text(each.find("title")),
                    "uniqueprogrammepart": each.get("uniqueProgrammePart", ""),
                },
            )
        elif each.tag == "call":
            name = "mastercall" if kind == "relatedMasterCall" else "subcall"
            project.setdefault(name, _text(each.find("identifier")))
        elif each.tag == "webLink":
            yield "webLink", {"type": kind, "physurl": _text(each.find("physUrl"))}
    for each in root.iterfind("relations/categories/category"):
        classification = each.get("classification", "")
        code, title = _text(each.find("code")), _text(each.find("title"))
        if classification == "euroSciVoc":
            path = _text(each.find("displayCode"))
            yield "euroSciVoc", {
                "euroscivoccode": code, "euroscivoctitle": title, "euroscivocpath": path,
            }  # fmt: skip
        elif classification == "projectFundingSchemeCategory":
            project.setdefault("fundingscheme", code)
    yield "project", {name: value for name, value in project.items() if value}


def _organisation(element: Element) -> Row:
    row: Row = {
        "role": element.get("type", ""),
        "order": element.get("order", ""),
        "sme": element.get("sme", ""),
        "eccontribution": element.get("ecContribution", ""),
        "neteccontribution": element.get("netEcContribution", ""),
        "totalcost": element.get("totalCost", ""),
        "endofparticipation": element.get("terminated", ""),
        "organisationid": _text(element.find("id")),
        "vatnumber": _text(element.find("vatNumber")),
        "name": _text(element.find("legalName")),
        "shortname": _text(element.find("shortName")),
        "street": _text(element.find("address/street")),
        "postcode": _text(element.find("address/postalCode")),
        "city": _text(element.find("address/city")),
        "country": _text(element.find("address/country")),
        "organizationurl": _text(element.find("address/url")),
        "geolocation": _text(element.find("address/geolocation")),
    }
    for each in element.iterfind("relations/categories/category"):
        if each.get("classification") == "organizationActivityType":
            row["activitytype"] = _text(each.find("code"))
    for each in element.iterfind("relations/regions/region"):
        if each.get("type") == "relatedNutsCode":
            row["nutscode"] = _text(each.find("nutsCode"))
    return {name: value for name, value in row.items() if value}


def _article(root: Element) -> Row:
    row = _fields(root, _ARTICLE)
    paragraphs = []
    for section in root.iterfind("body/section"):
        paragraphs += [_text(section.find("sectionTitle")), _text(section.find("sectionBody"))]
    row["text"] = "\n\n".join(part for part in paragraphs if part)
    row["projects"] = [_text(each.find("id"))
                       for each in root.iterfind("relations/associations/project")]  # fmt: skip
    row["domains"] = [_text(each.find("title"))
                      for each in root.iterfind("relations/categories/category")
                      if each.get("classification") == "applicationDomain"]  # fmt: skip
    row["collection"] = next(
        (_text(each.find("title")) for each in root.iterfind("relations/categories/category")
         if each.get("classification") == "collection"), "",
    )  # fmt: skip
    row["countries"] = [_text(each.find("isoCode"))
                        for each in root.iterfind("relations/regions/region")]  # fmt: skip
    return {name: value for name, value in row.items() if value}


def _item(element: Element) -> Row:
    """A scraped project: lists of values under names, or texts."""
    row: Row = {}
    for each in element:
        values = [_text(value) for value in each.findall("value")]
        row[str(each.tag)] = values or _text(each)
    return row
