"""A workbook in the shape of keep.eu's export, invented, the same for the same numbers.

    python -m benchmarks.keep_export --projects 33000 --out /tmp/keep.xlsx

Two thirds of the projects have an acronym and no id, as those before 2021; one title in seven is
in a second language as well; organisations take part in 1.6 projects on average. Needs XlsxWriter.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import xlsxwriter

from benchmarks.corpus import COUNTRIES, vocabulary
from tessera.schema import vocabularies

SEED: Final = 49
PARTNERS_EACH: Final = 153 / 33
ORGANISATIONS_EACH: Final = 93 / 33

PROJECT_COLUMNS: Final = (
    "Period", "Programme", "Project ID (2021-2027 only)", "Project acronym",
    "Project name in English", "Project name in language 2", "Project name in language 3",
    "Project name in language 4", "Description in English", "Description in language 2",
    "Expected Achievements in English", "Actual Achievements in English",
    "Expected outputs in English", "Delivered outputs in English", "Project start", "Project end",
    "Project's total budget / expenditure", "Project's EU funding", "Union co-financing rate",
    "Theme 1", "Theme 2", "Theme 3", "Website", "Programme specific objective (2021-2027 only)",
    "Programme Priority (2021-2027 only)", "Type of intervention (2021-2027 only)",
    *(f"Programme output indicator {n} {what} (2021-2027 only)"
      for n in range(1, 6) for what in ("code and name", "measurement unit")),
    *(f"Programme result indicator {n} {what} (2021-2027 only)"
      for n in range(1, 7) for what in ("code and name", "measurement unit")),
    "Project Outputs (2021-2027 only)", "Delivered output indicators (2021-2027 only)",
    "Delivered result indicators (2021-2027 only)", "Project deliverables (2021-2027 only)",
    "Project's contribution to wider strategies and policies (2021-2027 only)",
    "European Union MRSs to which the project contributes",
)  # fmt: skip

PARTNER_COLUMNS: Final = (
    "Programme", "Project ID (2021-2027 only)", "Project acronym", "Lead partner",
    "Organisation in English", "Organisation in language 2", "Organisation in language 3",
    "Organisation in language 4", "Participant Identification Code", "Partner’s ID if not PIC",
    "Type of Organisation", "Country code", "Town", "NUTS1 (or equivalent)",
    "NUTS2 code (or equivalent)", "NUTS3 code (or equivalent)", "Website",
    "Partner's total eligible budget / expenditure",
    "Partner's programme co-financing (EUR) (2021-2027 only)",
    "ERDF contribution (2014-2020 only)",
)  # fmt: skip

_GENERATIONS: Final = (("2000 - 2006", "III"), ("2007 - 2013", "IV"), ("2014 - 2020", "V"),
                       ("2021 - 2027", "VI"))  # fmt: skip
_TYPES: Final = (
    "Higher education and research organisations", "Local public authority", "SME",
    "Regional public authority", "National public authority", "Enterprise, except SME",
    "Interest groups including NGOs", "N.a.",
)  # fmt: skip

Row = dict[str, Any]


class KeepExport:
    """`projects` projects with their partners."""

    def __init__(self, projects: int) -> None:
        self.size = projects
        self._words = {lang: vocabulary(lang) for lang in ("en", "de", "fr", "pl")}
        self._weights = {
            lang: list(itertools.accumulate(1 / (rank + 2.7) for rank in range(len(words))))
            for lang, words in self._words.items()
        }
        chance = random.Random(f"{SEED} lists")
        self._programmes = [self._text(chance, "en", 2).title() for _ in range(95)]
        self._themes = [self._text(chance, "en", 3) for _ in range(40)]
        self._regions = [
            code
            for code in vocabularies.regions(3)
            if code[:2] in {vocabularies.nuts_country(each) for each in COUNTRIES}
        ]

    def project(self, number: int) -> Row:
        """Row `number` of the projects, from 0; it depends on no other one."""
        chance = random.Random(f"{SEED} project {number}")
        years, numeral = chance.choices(_GENERATIONS, weights=(15, 25, 40, 20))[0]
        start = date(int(years[:4]) + 1, 1, 1) + timedelta(days=chance.randrange(2000))
        total = chance.randrange(50_000, 6_000_000) + chance.randrange(100) / 100
        made: Row = {
            "Period": years.replace(" ", ""),
            "Programme": f"{years} INTERREG {numeral}A {chance.choice(self._programmes)}",
            "Project acronym": f"{chance.choice(self._words['en'][:9000]).upper()} {number}",
            "Project name in English": self._text(chance, "en", 9).capitalize(),
            "Description in English": self._paragraphs(chance, 160),
            "Expected Achievements in English": self._paragraphs(chance, 90),
            "Project start": start,
            "Project end": start + timedelta(days=chance.randrange(300, 1400)),
            "Project's total budget / expenditure": chance.choice((total, f"{total:.2f}", "N.a.")),
            "Project's EU funding": round(total * 0.8, 2),
            "Union co-financing rate": "80%",
            "Theme 1": chance.choice(self._themes),
            "Theme 2": chance.choice(self._themes),
            "Website": f"http://www.project-{number}.example",
        }
        if chance.random() < 0.14:
            lang = chance.choice(("de", "fr", "pl"))
            made["Project name in language 2"] = self._text(chance, lang, 9).capitalize()
            made["Description in language 2"] = self._text(chance, lang, 120)
        if numeral == "VI":
            made |= self._latest(chance, number)
        else:
            made["Actual Achievements in English"] = self._paragraphs(chance, 90)
        return made

    def _latest(self, chance: random.Random, number: int) -> Row:
        objective = f"RSO{chance.randint(1, 5)}.{chance.randint(1, 5)}"
        made: Row = {
            "Project ID (2021-2027 only)": f"EX{number:07d}",
            "Programme specific objective (2021-2027 only)": f"{objective}. "
            + self._text(chance, "en", 8),
            "Programme Priority (2021-2027 only)": self._text(chance, "en", 5),
            "Type of intervention (2021-2027 only)": f"{chance.randrange(190):03d} "
            + self._text(chance, "en", 6),
            "Project Outputs (2021-2027 only)": self._text(chance, "en", 60),
        }
        for kind, most in (("output", 5), ("result", 6)):
            for place in range(1, chance.randint(1, most) + 1):
                named = f"Programme {kind} indicator {place}"
                code = f"RC{kind[0].upper()}{chance.randrange(120):03d}"
                made[f"{named} code and name (2021-2027 only)"] = f"{code} " + self._text(
                    chance, "en", 6
                )
                made[f"{named} measurement unit (2021-2027 only)"] = "Number"
        return made

    def partners(self, number: int) -> Iterator[Row]:
        """The partners of a project, the lead partner first."""
        project = self.project(number)
        chance = random.Random(f"{SEED} partners {number}")
        latest = "Project ID (2021-2027 only)" in project
        for place in range(max(1, round(chance.gauss(PARTNERS_EACH, 2.2)))):
            # Squared: few organisations take part in very many projects.
            organisation = int(self.size * ORGANISATIONS_EACH * chance.random() ** 1.4)
            budget = chance.choice((chance.randrange(9_000, 900_000) / 4, "N.a.", 0))
            yield {
                "Programme": project["Programme"],
                "Project ID (2021-2027 only)": project.get("Project ID (2021-2027 only)", ""),
                "Project acronym": project["Project acronym"],
                "Lead partner": "No" if place else "Yes",
                **self._organisation(organisation, latest),
                "Partner's total eligible budget / expenditure": budget,
                "Partner's programme co-financing (EUR) (2021-2027 only)" if latest
                else "ERDF contribution (2014-2020 only)": "N.a.",
            }  # fmt: skip

    def _organisation(self, number: int, latest: bool) -> Row:
        chance = random.Random(f"{SEED} organisation {number}")
        region = chance.choice(self._regions)
        made: Row = {
            "Organisation in English": f"{self._text(chance, 'en', 3).title()} {number}",
            "Type of Organisation": chance.choice(_TYPES),
            "Country code": region[:2],
            "Town": chance.choice(self._words["en"][:4000]).capitalize(),
            "NUTS1 (or equivalent)": region[:3],
            "NUTS2 code (or equivalent)": region[:4],
            "NUTS3 code (or equivalent)": region,
        }
        if chance.random() < 0.4:
            made["Organisation in language 2"] = f"{self._text(chance, 'de', 3)} {number}"
        known = chance.random()
        if latest and known < 0.4:
            made["Participant Identification Code"] = str(880_000_000 + number)
        elif latest:
            made["Partner’s ID if not PIC"] = f"{chance.randrange(10**9):09d}"
        return made

    def _text(self, chance: random.Random, lang: str, words: int) -> str:
        return " ".join(chance.choices(self._words[lang], cum_weights=self._weights[lang], k=words))

    def _paragraphs(self, chance: random.Random, words: int) -> str:
        return "\r\n".join(self._text(chance, "en", words // 2) for _ in range(2))

    def write(self, path: Path) -> int:
        """Write the workbook; how many rows of partners it has."""
        count = 0
        with xlsxwriter.Workbook(str(path), {"default_date_format": "dd/mm/yyyy"}) as book:
            book.add_worksheet("Cover").write(0, 0, "Search results exported from keep.eu")
            sheet = book.add_worksheet("Search results, projects")
            sheet.write_row(0, 0, PROJECT_COLUMNS)
            for number in range(self.size):
                _write(sheet, number + 1, PROJECT_COLUMNS, self.project(number))
            sheet = book.add_worksheet("Search results, partners")
            sheet.write_row(0, 0, PARTNER_COLUMNS)
            for number in range(self.size):
                for partner in self.partners(number):
                    count += 1
                    _write(sheet, count, PARTNER_COLUMNS, partner)
        return count


def _write(sheet: Any, row: int, columns: Sequence[str], values: Row) -> None:
    for place, name in enumerate(columns):
        value = values.get(name, "")
        if isinstance(value, date):
            sheet.write_datetime(row, place, value)
        elif isinstance(value, str):
            sheet.write_string(row, place, value)
        else:
            sheet.write_number(row, place, value)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.keep_export")
    parser.add_argument("--projects", type=int, default=33_000)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    count = KeepExport(args.projects).write(args.out)
    print(f"{args.out}: {args.projects:,} projects, {count:,} partners", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
