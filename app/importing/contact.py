"""How a person is reached: addresses, telephone numbers and links in running text."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal, get_args

import msgspec
import phonenumbers

from app.importing import lexicon
from app.importing.dates import find_spans
from app.importing.folding import fold
from app.importing.names import looks_like_name
from app.importing.places import looks_like_place
from app.importing.urls import Url, classify_url, find_urls, is_repository

__all__ = [
    "Email",
    "Label",
    "Phone",
    "Url",
    "classify_url",
    "find_emails",
    "find_phones",
    "find_urls",
    "is_label",
    "is_repository",
    "label_of",
    "looks_like_name",
    "looks_like_place",
    "split_contact_line",
]

LabelKind = Literal[
    "email",
    "phone",
    "address",
    "website",
    "link",
    "name",
    "headline",
    "birth",
    "nationality",
    "status",
]

_KINDS: tuple[LabelKind, ...] = get_args(LabelKind)
_ADDRESS = re.compile(
    r"(?:mailto:)?(?P<local>[^\W_](?:[\w.+'%-]{0,62}\w)?)"
    r"(?P<at>@ ?|\s?[\[({]\s?(?:at|AT|ät)\s?[\])}]\s?)"
    r"(?P<host>\w(?:[\w-]{0,61}\w)?"
    r"(?:(?:\.|\s?[\[({]\s?(?:dot|DOT|punkt)\s?[\])}]\s?)\w(?:[\w-]{0,61}\w)?){1,5})"
)
_MOST_DIGITS = 15  # of a telephone number: ITU-T E.164, 6; one more has an ORCID
_DOT = re.compile(r"\s?[\[({]\s?(?:dot|punkt)\s?[\])}]\s?", re.I)
_NUMBER = re.compile(
    r"(?<![\w@.,/#〒-])(?:\(?(?:\+|00)|[(\d])[\d\s()./\-‐‑–\u00a0·]{6,26}\d(?![\w@])"
)
_LOCAL_SHAPES = re.compile(
    r"\(\d{2,5}\) ?\d{2,4}(?:[ .-]?\d{2,5}){1,3}"  # (415) 555-0132
    r"|\d{3}[-. ]\d{3}[-. ]\d{4}"
    r"|0\d{1,5} ?[ /-] ?\d[\d /-]{4,14}\d"  # trunk prefix: 0171 1234567, 030/1234567
    r"|0\d(?:[ .-]?\d\d){4}"  # 06 12 34 56 78
    r"|1[3-9]\d[- ]?\d{4}[- ]?\d{4}"  # Chinese mobile
    r"|3[2-9]\d[ .-]\d{3,4}[ .-]?\d{3}"  # Italian mobile
    r"|[4-8]\d{2}[ .-]\d{3}[ .-]\d{3}"  # Polish mobile
    r"|[679]\d{2}(?:[ .-]?\d{3}){2}|[679]\d{2}(?:[ .-]?\d{2}){3}"  # Iberian mobile
)
_ICONS = re.compile(
    "[\ue000-\uf8ff\U000f0000-\U0010ffff\u2302\u2315\u231a-\u231b\u2328\u23f0-\u23ff"
    "\u2600-\u2757\u2761-\u27bf▪■□●○◆◇►▶◷\U0001f000-\U0001faff\ufe0f\u200b]"
)
_SPLITS = re.compile(
    r"\s*[|｜·•⋄◦∙⋅●▪■◆♦◇‖¦⎪│┃❘❙‣]{1,2}(?=\s|$)\s*|\s[/／](?=\s)\s*|(?<=\s)[|｜·•⋄◦∙⋅●▪■◆♦◇‖¦│┃❘❙‣]\s*"
    r"|\t+|\u3000+| {2,}|\n|(?<![\s(/]0\d)(?<!^0\d)\s+[–—-]\s+|\s*[;；]\s*|\s\\\\\s|\s~\s"
)
_EAST = re.compile(r"[\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af]+")
_LONGEST = 2_000


class Email(msgspec.Struct, frozen=True, kw_only=True):
    """An address for mail, and the text and offsets at which it stood."""

    address: str
    text: str
    at: tuple[int, int]


class Phone(msgspec.Struct, frozen=True, kw_only=True):
    """A telephone number as written, and as E.164 where its country is certain."""

    text: str
    e164: str | None
    at: tuple[int, int]


class Label(msgspec.Struct, frozen=True, kw_only=True):
    """What a label such as `E-mail:` announces, and the text after it."""

    kind: LabelKind
    label: str
    rest: str


def find_emails(text: str) -> list[Email]:
    """Addresses as written, or made whole where `[at]` or a space after @ stood in them."""
    if "@" not in text and "at" not in text.lower() and "ät" not in text:
        return []
    found = []
    for match in _ADDRESS.finditer(text[:_LONGEST]):
        host = _DOT.sub(".", match["host"])
        last = host.rpartition(".")[2]
        if len(last) < 2 or last.isdigit() or ".." in match["local"]:
            continue
        found.append(Email(address=f"{match['local']}@{host}", text=match.group(), at=match.span()))
    return found


def find_phones(text: str, region: str | None = None) -> list[Phone]:
    """Telephone numbers: international ones, and others by their shape, label or region.

    `region` is a country's two letters, known from another clue; only then does a national
    number get an E.164.
    """
    found = []
    labelled = None
    for match in _NUMBER.finditer(text[:_LONGEST]):
        written, start = _trimmed(match)
        digits = sum(c.isdigit() for c in written)
        if not 7 <= digits <= _MOST_DIGITS:
            continue
        abroad = written.lstrip("(").startswith(("+", "00"))
        e164 = _international(written, None if abroad else region)
        if e164 is None and not abroad:
            labelled = _has_phone_label(text) if labelled is None else labelled
            if not (labelled or _LOCAL_SHAPES.fullmatch(written)):
                continue
            if find_spans(written):
                continue
        elif e164 is None and digits < 8:
            continue
        found.append(Phone(text=written, e164=e164, at=(start, start + len(written))))
    return found


def _trimmed(match: re.Match[str]) -> tuple[str, int]:
    """Without a bracket that isn't shut, and cut where a wide gap begins another number."""
    written, start = match.group(), match.start()
    written = re.split(r"\s{2,}|\t|\s[–·/-]\s(?=[+0(])|(?<=\d)\s(?=\+)", written)[0].rstrip(
        " ./-–·("
    )
    if written.startswith("(") and ")" not in written:
        written, start = written[1:], start + 1
    return written, start


def _international(written: str, region: str | None) -> str | None:
    bare = written.lstrip("(")
    if bare.startswith("00"):
        bare = "+" + bare[2:]
    try:
        number = phonenumbers.parse(bare, region)
    except phonenumbers.NumberParseException:
        return None
    # A number that says its country is what it says, though no such line may be in use.
    certain = (
        phonenumbers.is_valid_number_for_region(number, region)
        if region
        else phonenumbers.is_possible_number(number)
    )
    if not certain:
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _has_phone_label(text: str) -> bool:
    return any(
        (label := label_of(part)) is not None and label.kind == "phone"
        for part in [text, *_SPLITS.split(text)]
        if part
    ) or bool(re.search("[☎☏✆📞📱\uf095\uf10b\uf3cd🕿🖁📲]", text))


@cache
def _labels() -> tuple[re.Pattern[str], dict[str, LabelKind]]:
    kinds: dict[str, LabelKind] = {}
    for kind in _KINDS:
        for phrase in lexicon.phrases("contact", kind):
            kinds.setdefault(fold(phrase).rstrip("."), kind)
    # A label is folded before it is compared, so that the table alone decides.
    shape = re.compile(
        r"([^\W\d_][^:：|]{0,34}?)\s*(?:[:：]|\.:|\.(?=\s?[+(\d])|(?=\s[+(]?\d{2})|\s[–-]\s)\s*"
    )
    return shape, kinds


def label_of(text: str) -> Label | None:
    """The label that a piece of a contact line begins with, icons left out."""
    shape, kinds = _labels()
    bare = _ICONS.sub(" ", text).strip(" \t·•|,")
    if not bare.isascii() and (eastern := _eastern_label(bare, kinds)):
        return eastern
    match = shape.match(bare)
    if match is None:
        return None
    kind = kinds.get(fold(match[1]).strip(" ."))
    if kind is None and (slash := re.match(r"\s*(.+?)\s*[/&,]\s*\S+", match[1])):
        kind = kinds.get(fold(slash[1]).strip(" ."))
    if kind is None:
        return None
    return Label(kind=kind, label=match[1].strip(), rest=bare[match.end() :].strip())


def _eastern_label(bare: str, kinds: dict[str, LabelKind]) -> Label | None:
    """A label that only space parts from what follows, and may have space in it: `氏 名 林 静`."""
    words = bare.split()
    for count in range(1, min(len(words), 5)):
        label = "".join(words[:count])
        if len(label) > 8 or not _EAST.fullmatch(label):
            return None
        if kind := kinds.get(fold(label)):
            written = re.match(r"\s*".join(map(re.escape, words[:count])), bare)
            assert written is not None
            rest = bare[written.end() :].strip(" :：")
            return Label(kind=kind, label=written.group(), rest=rest)
    return None


def is_label(text: str) -> bool:
    """Whether a text is a label and nothing else."""
    return fold(text).strip(" .:：") in _labels()[1]


def split_contact_line(text: str) -> list[str]:
    """The pieces of a line of contact details, icons and the labels of what is plain taken off.

    A comma parts pieces only beside an address, a link or a number, since places have commas.
    """
    return [piece for piece, _ in labelled_pieces(text)]


def labelled_pieces(text: str) -> list[tuple[str, Label | None]]:
    """The pieces as `split_contact_line` gives them, each with the label it was written behind."""
    pieces: list[str] = []
    spaced = _ICONS.sub("  ", text[:_LONGEST])
    whole = label_of(spaced)
    if whole is not None and whole.kind == "name" and looks_like_name(whole.rest) >= 0.6:
        return [(whole.rest, whole)]
    for part in _paired(_split(spaced)):
        for piece in _at_commas(part):
            pieces.extend(_at_ends(piece))
    return [(bare, label) for bare, label in map(_unlabelled, pieces) if bare]


def _split(text: str) -> list[str]:
    """The parts between marks and gaps; a gap inside a name is none."""
    parts = [part for part in _SPLITS.split(text) if part and part.strip()]
    if len(parts) in (2, 3) and all(len(part.split()) == 1 for part in parts):
        whole = " ".join(parts)
        if "".join(whole.split()) == "".join(text.split()) and looks_like_name(whole) >= 0.6:
            return [text.strip()]
    return parts


def _paired(parts: list[str]) -> list[str]:
    """With labels given to what stands after them across a gap, as in a table."""
    paired: list[str] = []
    label = None
    for part in parts:
        if label is not None:
            part, label = f"{label}: {part}", None
        elif part is not parts[-1] and is_label(part):
            label = part
            continue
        paired.append(part)
    return paired


def _reached(text: str) -> list[tuple[int, int]]:
    """The offsets of all that reaches a person, in order."""
    found = [email.at for email in find_emails(text)]
    found += [url.at for url in find_urls(text)]
    found += [phone.at for phone in find_phones(text)]
    return sorted(found)


def _at_commas(part: str) -> list[str]:
    pieces = re.split(r"(\s*[,，]\s+|\s*[，／]\s*)", part)
    if len(pieces) == 1:
        return [part]
    marked = [bool(_reached(piece)) for piece in pieces]
    joined = [pieces[0]]
    for i in range(2, len(pieces), 2):
        if marked[i] or marked[i - 2] or label_of(pieces[i]):
            joined.append(pieces[i])
        else:
            joined[-1] += pieces[i - 1] + pieces[i]
    return joined


def _at_ends(piece: str) -> list[str]:
    """`jane@x.org Tel. +49 …` cut after each thing that is complete in itself."""
    cut, at = [], 0
    for lower, upper in _reached(piece):
        before = piece[at:lower]
        if before.strip() and before[-1:].isspace() and label_of(piece[at:upper]) is None:
            cut.append(before)
            at = lower
        if piece[upper : upper + 1].isspace():
            cut.append(piece[at:upper])
            at = upper
    return [*cut, piece[at:]]


def _unlabelled(piece: str) -> tuple[str, Label | None]:
    piece = piece.strip(" \t,;|·•")
    label = label_of(piece)
    if label is None:
        return piece, None
    kept = label.kind in ("birth", "nationality", "status", "link")
    return (piece if kept else label.rest), label


@cache
def _marked_as(key: str) -> frozenset[str]:
    return frozenset(fold(phrase).rstrip(".") for phrase in lexicon.phrases("contact", key))


def is_mobile(label: str) -> bool:
    """Whether a label, or a remark beside a number, says that it is a mobile telephone's."""
    return fold(label).strip(" .:()（）") in _marked_as("mobile")


def is_fax(label: str) -> bool:
    """Whether a label, or a remark beside a number, says that a fax answers it."""
    return fold(label).strip(" .:()（）") in _marked_as("fax")
