"""A résumé as Google Docs exports its "Coral" template, filled in from Brazil: one column, bold
employers with a comma and a slanted role, links behind words."""

from wordprocessing import Package, paragraph, run


def job(company: str, place: str, role: str, dates: str, *texts: str) -> list[str]:
    return [
        paragraph(
            run(company, bold=True), run(f", {place} — "), run(role, italic=True), style="Heading2"
        ),
        paragraph(run(dates, color="666666", size=9), style="Heading3"),
        *(paragraph(run(text), bullet=True) for text in texts),
    ]


def document() -> Package:
    file = Package("Liberation Sans", 10, margins=1134)
    file.style("Title", "Title", '<w:b/><w:color w:val="F2511B"/><w:sz w:val="64"/>')
    file.style(
        "Heading1",
        "heading 1",
        '<w:b/><w:color w:val="F2511B"/><w:sz w:val="22"/>',
        '<w:spacing w:before="320"/>',
    )
    file.style("Heading2", "heading 2", '<w:sz w:val="22"/>', '<w:spacing w:before="160"/>')
    file.style("Heading3", "heading 3")
    file.footer = [
        paragraph(run("João Vitor Sepúlveda · Currículo · atualizado em fev/2026"), align="right")
    ]
    file.body = [
        paragraph(run("João Vitor Sepúlveda"), style="Title"),
        paragraph(run("Desenvolvedor back-end sênior", size=13)),
        paragraph(
            run("Recife – PE, Brasil | (81) 95555-0134 | "),
            file.link(
                "joao.sepulveda@correio.example.com", "mailto:joao.sepulveda@correio.example.com"
            ),
            run(" | "),
            file.link("GitHub", "https://github.com/jvsepulveda-example"),
            run(" | "),
            file.link("LinkedIn", "https://br.linkedin.com/in/jvsepulveda-example"),
        ),
        paragraph(run("RESUMO PROFISSIONAL"), style="Heading1"),
        paragraph(
            run(
                "Dez anos construindo sistemas de pagamento e logística. Gosto de código simples, testes rápidos e de ensinar quem está começando."
            )
        ),
        paragraph(run("EXPERIÊNCIA PROFISSIONAL"), style="Heading1"),
        *job(
            "Maré Pagamentos",
            "Recife (híbrido)",
            "Engenheiro de Software Sênior",
            "jan/2022 – atualmente",
            "Redesenhei o motor de conciliação em Elixir: 3 milhões de lançamentos por noite em 40 minutos",
            "Conduzi a migração do monólito Rails para 6 serviços",
            "Mentoria de 4 pessoas desenvolvedoras júnior",
        ),
        *job(
            "LogiNordeste S.A.",
            "Jaboatão dos Guararapes",
            "Desenvolvedor Pleno",
            "março de 2018 a dezembro de 2021",
            "API de rastreamento em Ruby on Rails, 900 requisições por segundo",
            "Roteirização de entregas com OR-Tools; economia de 12% em combustível",
        ),
        *job(
            "Prefeitura do Recife – Empresa Municipal de Informática",
            "Recife",
            "Estagiário de desenvolvimento",
            "2016 - 2017",
            "Portal de matrícula escolar (PHP, PostgreSQL)",
        ),
        paragraph(run("FORMAÇÃO ACADÊMICA"), style="Heading1"),
        *job(
            "Universidade Federal do Agreste Norte",
            "Recife",
            "Bacharelado em Ciência da Computação",
            "2013 – 2017",
            "Coeficiente de rendimento: 8,9",
        ),
        *job("IFPE Campus Mangue", "Olinda", "Técnico em Informática", "concluído em 2012"),
        paragraph(run("PROJETOS PESSOAIS"), style="Heading1"),
        paragraph(
            file.link(
                "Ônibus Agora", "https://github.com/jvsepulveda-example/onibus-agora", bold=True
            ),
            run(
                " – bot que avisa quando o ônibus está chegando. 5 mil usuários. Tecnologias: Go, Redis, Telegram API"
            ),
        ),
        paragraph(run("CURSOS E CERTIFICAÇÕES"), style="Heading1"),
        paragraph(
            run("AWS Certified Developer – Associate (Amazon Web Services, ago/2023)"), bullet=True
        ),
        paragraph(run("Professional Scrum Master I, Scrum.org, 2020"), bullet=True),
        paragraph(run("COMPETÊNCIAS"), style="Heading1"),
        paragraph(run("Linguagens: ", bold=True), run("Ruby, Elixir, Go, SQL")),
        paragraph(run("Infraestrutura: ", bold=True), run("Docker, Kubernetes, AWS, Terraform")),
        paragraph(run("Práticas: ", bold=True), run("TDD, DDD, revisão de código")),
        paragraph(run("IDIOMAS"), style="Heading1"),
        paragraph(run("Português: nativo; Inglês: avançado; Espanhol: intermediário")),
        paragraph(run("TRABALHO VOLUNTÁRIO"), style="Heading1"),
        paragraph(run("Instrutor no Rails Girls Recife (2019, 2022)")),
    ]
    return file
