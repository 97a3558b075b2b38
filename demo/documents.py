"""Build the documents in `demo/documents/` from their texts in `demo/document_texts/`.

An authoring tool: the documents are committed, so neither Tessera nor its tests run this. It
needs fpdf2, python-docx, python-pptx, xlsxwriter and odfpy, and the DejaVu fonts:

    python -m demo.documents [--fonts /usr/share/fonts/truetype/dejavu]

A text is named after its document (`NAME.pdf.txt`). It says its language, then: `# title` (of
the document, of a slide or of a sheet), `## heading`, `| cell | cell`, paragraphs, and `---`
for a new page or slide. The same texts give the same bytes.
"""

from __future__ import annotations

import argparse
import io
import random
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import xlsxwriter
from docx import Document
from fpdf import FPDF
from odf.opendocument import OpenDocumentText
from odf.text import H, P
from PIL import Image, ImageDraw, ImageFont
from pptx import Presentation

from demo.build import HERE, catalogue

TEXTS = HERE / "document_texts"
OUT = HERE / "documents"
MADE = datetime(2026, 1, 15, 12, tzinfo=UTC)
COMPENDIUM = "compendium-of-projects.pdf"
COMPENDIUM_PAGES = 44
NOTE_PAGE = 37
NOTE = (
    "Editors' note: in both ports a vessel may leave only when the keepers on either quay have "
    "raised their lamps. Sailors call it the two-lantern rule, and the partners adopted it for "
    "signing off invoices."
)


@dataclass(frozen=True)
class Source:
    """One document's text: name, language and marked-up lines."""

    name: str
    lang: str
    lines: tuple[str, ...]

    @property
    def title(self) -> str:
        return next(line[2:] for line in self.lines if line.startswith("# "))

    def pages(self) -> Iterator[list[str]]:
        page: list[str] = []
        for line in (*self.lines, "---"):
            if line == "---":
                yield page
                page = []
            else:
                page.append(line)


def read(path: Path) -> Source:
    first, *lines = path.read_text(encoding="utf-8").splitlines()
    return Source(path.stem, first.removeprefix("lang: "), tuple(line for line in lines if line))


class Paper(FPDF):
    """An A4 document in DejaVu, with its page number at the foot."""

    def __init__(self, fonts: Path, title: str, lang: str) -> None:
        super().__init__(format="A4")
        self.add_font("serif", "", fonts / "DejaVuSerif.ttf")
        self.add_font("sans", "B", fonts / "DejaVuSans-Bold.ttf")
        self.set_margins(25, 25)
        self.set_title(title)
        self.set_lang(lang)
        self.set_creation_date(MADE)
        self.set_author("Tessera demonstration")

    def footer(self) -> None:
        self.set_y(-18)
        self.set_font("serif", size=9)
        self.cell(0, 5, str(self.page_no()), align="C")

    def heading(self, text: str, size: int) -> None:
        self.set_font("sans", "B", size)
        self.multi_cell(0, size * 0.5, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)

    def paragraph(self, text: str) -> None:
        self.set_font("serif", size=11)
        self.multi_cell(0, 6, text, align="L", new_x="LMARGIN", new_y="NEXT")
        self.ln(3)

    def line_of(self, line: str) -> None:
        if line.startswith("## "):
            self.heading(line[3:], 13)
        elif line.startswith("# "):
            self.heading(line[2:], 18)
        else:
            self.paragraph(line)


def pdf(source: Source, fonts: Path) -> bytes:
    paper = Paper(fonts, source.title, source.lang)
    for page in source.pages():
        paper.add_page()
        for line in page:
            paper.line_of(line)
    return bytes(paper.output())


def compendium(fonts: Path) -> bytes:
    """One project of the catalogue a page; a note stands on page 37 and nowhere else."""
    paper = Paper(fonts, "Compendium of demonstration projects", "en")
    paper.add_page()
    paper.heading("Compendium of demonstration projects", 20)
    paper.paragraph("Forty-three invented projects on a page each, taken from the catalogue.")
    projects = [
        made
        for made in catalogue(date(2026, 1, 15))
        if made["kind"] == "project" and "en" in made["text"] and "acronym" in made
    ]
    for made in projects[: COMPENDIUM_PAGES - 1]:
        paper.add_page()
        titles, texts = made["title"], made["text"]
        paper.heading(f"{made['acronym']}: {titles.get('en') or next(iter(titles.values()))}", 15)
        programme = made["programme"]
        paper.paragraph(f"{programme['name']}, {made['period']}")
        paper.paragraph(texts["en"])
        names = "; ".join(partner["name"] for partner in made["organisations"])
        paper.paragraph(f"Partners: {names}.")
        if paper.page_no() == NOTE_PAGE:
            paper.paragraph(NOTE)
    return bytes(paper.output())


def scan(source: Source, fonts: Path) -> bytes:
    """A page that is only a picture, slightly crooked, as a scanner leaves it."""
    image = Image.new("L", (1240, 1754), 246)
    draw = ImageDraw.Draw(image)
    font = ImageFont.truetype(str(fonts / "DejaVuSerif-Italic.ttf"), 38)
    for number, line in enumerate(source.lines):
        draw.text((150, 200 + 90 * number), line.removeprefix("# "), font=font, fill=50)
    specks = random.Random(7)
    for _ in range(400):
        draw.point((specks.randrange(1240), specks.randrange(1754)), fill=120)
    picture = io.BytesIO()
    image.rotate(0.8, fillcolor=246).save(picture, "JPEG", quality=40)
    paper = FPDF(format="A4")
    paper.set_creation_date(MADE)
    paper.add_page()
    paper.image(picture, 0, 0, 210)
    return bytes(paper.output())


def steady(data: bytes) -> bytes:
    """The same archive with one date on every member, so that equal content gives equal bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(target, "w") as new:
        for entry in old.infolist():
            info = zipfile.ZipInfo(entry.filename, MADE.timetuple()[:6])
            # OpenDocument wants its "mimetype" first and uncompressed.
            stored = entry.filename == "mimetype"
            info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
            new.writestr(info, old.read(entry))
    return target.getvalue()


def docx(source: Source) -> bytes:
    document = Document()
    properties = document.core_properties
    properties.title, properties.language = source.title, source.lang
    properties.author = "Tessera demonstration"
    properties.created = properties.modified = MADE.replace(tzinfo=None)
    for line in source.lines:
        if line.startswith("## "):
            document.add_heading(line[3:], 1)
        elif line.startswith("# "):
            document.add_heading(line[2:], 0)
        else:
            document.add_paragraph(line)
    target = io.BytesIO()
    document.save(target)
    return steady(target.getvalue())


def pptx(source: Source) -> bytes:
    deck = Presentation()
    properties = deck.core_properties
    properties.title, properties.language = source.title, source.lang
    properties.created = properties.modified = MADE.replace(tzinfo=None)
    for page in source.pages():
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = page[0].removeprefix("# ")
        slide.placeholders[1].text = "\n".join(page[1:])
    target = io.BytesIO()
    deck.save(target)
    return steady(target.getvalue())


def xlsx(source: Source) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"title": source.title, "created": MADE.replace(tzinfo=None)})
    sheet, row = None, 0
    for line in source.lines:
        if line.startswith("# "):
            sheet, row = book.add_worksheet(line[2:]), 0
        elif sheet is not None:
            sheet.write_row(row, 0, [cell.strip() for cell in line.removeprefix("|").split("|")])
            row += 1
    book.close()
    return steady(target.getvalue())


def odt(source: Source) -> bytes:
    document = OpenDocumentText()
    for line in source.lines:
        if line.startswith("#"):
            level = 2 if line.startswith("## ") else 1
            document.text.addElement(H(outlinelevel=level, text=line.lstrip("# ")))
        else:
            document.text.addElement(P(text=line))
    target = io.BytesIO()
    document.write(target)
    return steady(target.getvalue())


def html(source: Source) -> bytes:
    body = []
    for line in source.lines:
        tag = "h2" if line.startswith("## ") else "h1" if line.startswith("# ") else "p"
        body.append(f"<{tag}>{line.lstrip('# ')}</{tag}>")
    head = f'<meta charset="utf-8"><title>{source.title}</title>'
    return (
        f'<!doctype html>\n<html lang="{source.lang}">\n<head>{head}</head>\n<body>\n'
        + "\n".join(body)
        + "\n</body>\n</html>\n"
    ).encode()


def txt(source: Source) -> bytes:
    return ("\n".join(line.removeprefix("# ") for line in source.lines) + "\n").encode()


def build(fonts: Path) -> None:
    OUT.mkdir(exist_ok=True)
    office = {".docx": docx, ".pptx": pptx, ".xlsx": xlsx, ".odt": odt, ".html": html, ".txt": txt}
    (OUT / COMPENDIUM).write_bytes(compendium(fonts))
    for path in sorted(TEXTS.glob("*.txt")):
        source = read(path)
        suffix = Path(source.name).suffix
        if suffix == ".pdf":
            make = scan if source.name.endswith("-scan.pdf") else pdf
            data = make(source, fonts)
        else:
            data = office[suffix](source)
        (OUT / source.name).write_bytes(data)


def main() -> None:
    parser = argparse.ArgumentParser(description="Build the demonstration documents.")
    parser.add_argument("--fonts", type=Path, default=Path("/usr/share/fonts/truetype/dejavu"))
    build(parser.parse_args().fonts)


if __name__ == "__main__":
    main()
