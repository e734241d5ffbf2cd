"""Section headings, however worded and dressed, and lines that only begin like one."""

from __future__ import annotations

import pytest

from app.importing.headings import Heading, section_of

KNOWN = {
    "experience": """Experience|EXPERIENCE|— EXPERIENCE —|EXPERIENCE:|1. Experience|I. Experience
        1 Experience|E X P E R I E N C E|W O R K  E X P E R I E N C E|Work Experience & Internships
        PROFESSIONAL EXPERIENCE (CONTINUED)|Employment History|Relevant Experience|Internships
        Work History|★ Work Experience ★|Berufserfahrung|Berufliche Erfahrung / Praktika
        Beruflicher Werdegang|Expérience professionnelle|EXPÉRIENCES PROFESSIONNELLES|Stages
        Parcours professionnel|Experiencia laboral|Experiencia Profesional|Esperienze professionali
        Esperienza lavorativa|Experiência Profissional|Werkervaring|工作经历|工作經驗|二、工作经历
        实习经历|職歴|職 歴|■ 職務経歴|경력사항
        Doświadczenie zawodowe|Arbetslivserfarenhet|Опыт работы
        Erhvervserfaring|Arbeidserfaring|İş Deneyimi""",
    "education": """Education|Education and Training|Academic Background|Ausbildung|Studium
        Aus- und Weiterbildung|Schul- und Berufsausbildung|Bildungsweg|Formation
        Formation & diplômes|Études|Educación|Formación académica|Istruzione e formazione|Formazione
        Formação Acadêmica|Habilitações|Opleidingen|教育背景|【教育背景】|学歴|学歴・職歴
        학력|Wykształcenie|        Utbildning|Образование|Eğitim""",
    "skills": """Skills|Skills & Tools|Technical Skills|Core Competencies|Languages and Frameworks
        Technical Skills and Certifications|IT-Kenntnisse|EDV-Kenntnisse|Kenntnisse und Fähigkeiten
        Compétences|Compétences informatiques|Habilidades Técnicas|Competenze|Competências
        Vaardigheden|专业技能|スキル|Umiejętności|Навыки""",
    "projects": """Projects|Personal Projects|Selected Projects|Projekte|Projets personnels
        Proyectos|Progetti|Projetos|Projecten|项目经历|プロジェクト""",
    "certifications": """Certifications and Licenses|Certificates|Courses|Zertifikate|Weiterbildung
        Formations complémentaires|Certificaciones|Cursos|Certificazioni|Certificações|Cursussen
        资格证书|資格|免許・資格""",
    "languages": """Languages|Language Skills|Sprachen|Sprachkenntnisse
        Sprachen, EDV und Führerschein|Langues|Idiomas|Lingue straniere|Talen|语言能力|語学力""",
    "summary": """Summary|Profile|ABOUT ME|Objective|Summary of Qualifications|Profil|Über mich
        À propos|Perfil|Sobre mí|Profilo|Chi sono|Profiel|自我评价|自己PR""",
    "contact": "Contact|Personal Details|Kontakt|Persönliche Daten|Coordonnées|联系方式|連絡先",
    "volunteering": "Volunteering|Leadership & Community Involvement|Ehrenamt|Voluntariado",
    "publications": "Publications|Publications & Patents|Veröffentlichungen|论文",
    "awards": "Awards & Honours|Auszeichnungen|Prix et distinctions|Premios|获奖情况",
    "interests": "Interests|HOBBYS & INTERESSEN|Centres d’intérêt|Aficiones|兴趣爱好|趣味",
    "references": "References|Referenzen|Références|Referencias",
    "other": "Other|Additional Information|Sonstiges|Divers|その他",
}
CASES = [
    (text.strip(), section)
    for section, listed in KNOWN.items()
    for text in listed.replace("\n", "|").split("|")
    if text.strip()
]

NONE = """User Experience|Bachelor of Education|Master of Education|Project Manager|Social Work
    Experience Designer|Experience with Python and Go.|Experience in leading teams|Google|Python
    Projects Coordinator|Education Manager|Volunteer Coordinator|Software Engineer|French
    University of Oxford|Ministry of Education|Teaching Assistant|AWS Certified Developer|Berlin
    Teach First|Customer Service|Skills Trainer|Head of Education|Director of Projects|2019 – 2021
    jane@example.org|Experienced|Educator|Skills: Python, Go|What are my skills?|x|Datenbanken
    5 years of experience|Responsible for education and training of twelve new colleagues"""
NO_HEADINGS = [text.strip() for text in NONE.replace("\n", "|").split("|") if text.strip()]


@pytest.mark.parametrize(("text", "section"), CASES)
def test_a_known_wording_heads_its_section(text: str, section: str) -> None:
    found = section_of(text)
    assert found is not None
    assert found.section == section
    assert found.exact


@pytest.mark.parametrize("text", NO_HEADINGS)
def test_a_line_that_only_resembles_a_heading_is_none(text: str) -> None:
    assert section_of(text) is None


@pytest.mark.parametrize(
    ("text", "section"),
    [
        ("Hospital Experience", "experience"),
        ("Data Projects", "projects"),
        ("Compétences en vente", "skills"),
        ("WORK EXPERINCE", "experience"),
        ("EDUCATON", "education"),
        ("Certificatons", "certifications"),
    ],
)
def test_a_wording_known_in_part_or_misspelt_is_inexact(text: str, section: str) -> None:
    assert section_of(text) == Heading(section, False)  # type: ignore[arg-type]


def test_a_heading_of_two_sections_names_both() -> None:
    assert section_of("学歴・職歴") == Heading("education", True, ("experience",))
    assert section_of("Skills & Languages") == Heading("skills", True, ("languages",))


def test_no_line_is_too_odd_to_be_asked_about() -> None:
    for text in ("", " ", "—", "１２", "I.", "E" * 64, "·" * 64, "(((", "\u3000"):
        assert section_of(text) is None
