"""Numbered lists by Word's numbering, links by relationship, entries with line breaks inside one
paragraph, title and company parted by a dash, dates in brackets."""

from __future__ import annotations

from pathlib import Path

import docx

from tests.importing.corpus.make.word import link, run, shatter

_JOBS = [
    (
        "Contador Sênior",
        "Grupo Araucária S.A.",
        "Curitiba/PR",
        "jan/2020 – atual",
        [
            "Fechamento mensal de oito empresas do grupo",
            "Implantação do SPED Fiscal e da EFD-Reinf",
            "Revisão de tributos que recuperou R$ 2,3 milhões em créditos de PIS e COFINS",
        ],
    ),
    (
        "Analista Contábil",
        "Cooperativa Campos Verdes",
        "Maringá/PR",
        "mar/2015 – dez/2019",
        ["Conciliação de contas e controle do ativo imobilizado"],
    ),
    (
        "Auxiliar de Escritório",
        "Contabilidade Figueira Ltda.",
        "Londrina/PR",
        "fev/2012 – fev/2015",
        ["Emissão de guias e folha de pagamento de trinta clientes"],
    ),
]


def build(path: Path) -> None:
    document = docx.Document()
    title = document.add_paragraph()
    run(title, "Everaldo Tavares Pimenta", bold=True, size=18)
    contact = document.add_paragraph("Brasileiro, 34 anos, casado")
    contact.add_run().add_break()
    contact.add_run("Rua das Palmeiras, 210 – Curitiba – PR")
    contact.add_run().add_break()
    contact.add_run("Tel.: (41) 95555-0119 / E-mail: ")
    link(contact, "everaldo.pimenta@example.com", "mailto:everaldo.pimenta@example.com")
    contact = document.add_paragraph()
    link(contact, "Meu perfil no LinkedIn", "https://www.linkedin.com/in/everaldo-pimenta")
    for heading in ("OBJETIVO",):
        run(document.add_paragraph(), heading, bold=True)
        document.add_paragraph("Atuar como Coordenador Contábil")
    run(document.add_paragraph(), "EXPERIÊNCIA PROFISSIONAL", bold=True)
    for title_, company, place, dates, points in _JOBS:
        head = document.add_paragraph()
        run(head, f"{title_} – {company}", bold=True)
        head.add_run(f" ({dates})")
        head.add_run().add_break()
        run(head, place, italic=True)
        for text in points:
            document.add_paragraph(text, style="List Number")
    run(document.add_paragraph(), "FORMAÇÃO ACADÊMICA", bold=True)
    document.add_paragraph(
        "Bacharelado em Ciências Contábeis – Universidade do Norte Pioneiro (2011 – 2014)"
    )
    document.add_paragraph("MBA em Gestão Tributária – Instituto Iguaçu (2017 – 2018)")
    run(document.add_paragraph(), "IDIOMAS", bold=True)
    document.add_paragraph("Inglês: intermediário; Espanhol: avançado")
    run(document.add_paragraph(), "INFORMÁTICA", bold=True)
    document.add_paragraph("Domínio Sistemas; TOTVS Protheus; Excel avançado; Power BI")
    run(document.add_paragraph(), "INFORMAÇÕES ADICIONAIS", bold=True)
    document.add_paragraph("Registro ativo no CRC/PR. Disponibilidade para viagens.")
    shatter(document)
    document.save(str(path))
