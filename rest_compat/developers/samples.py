"""One request in curl, Python and JavaScript, each as it would be pasted and run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from urllib.parse import urlencode

from rest_compat.codec import filled, parameters
from rest_compat.developers.literals import javascript as js_literal
from rest_compat.developers.literals import pretty
from rest_compat.developers.literals import python as py_literal
from rest_compat.developers.request import ExampleRequest

SAVED = "answer"  # the file that what is downloaded is written to, before its ending
_ENDINGS = {
    "application/pdf": "pdf",
    "application/zip": "zip",
    "image/jpeg": "jpg",
    "image/png": "png",
}


def curl(request: ExampleRequest) -> str:
    """A command for a shell in which the variables are set."""
    url = request.server + filled(request.path, lambda name: "$" + name.upper())
    sends = request.body is not None or bool(request.files or request.form)
    if request.query and sends:
        url += "?" + urlencode(request.query)
    lines = [f'"{url}"' if "$" in url or "&" in url else url]
    if request.method != "GET" and not (request.method == "POST" and sends):
        lines[0] = f"-X {request.method} {lines[0]}"
    if request.query and not sends:
        lines[0] = f"-G {lines[0]}"
        lines += [f"--data-urlencode {shlex.quote(f'{k}={v}')}" for k, v in request.query.items()]
    if (secret := request.secret) is not None:
        lines.append(f'-H "{secret.header}: {secret.start}${secret.variable}"')
    lines += [f'-H "{name}: ${variable}"' for name, variable in request.headers.items()]
    lines += [f'-F "{name}=@$FILE"' for name in request.files]
    if request.body is not None:
        body = f"@{request.body_file}" if request.body_file else shlex.quote(pretty(request.body))
        lines += ["-H 'Content-Type: application/json'", f"-d {body}"]
    lines += [f"--data-urlencode {shlex.quote(f'{k}={v}')}" for k, v in request.form.items()]
    if request.answers_stream:
        lines[0] = f"-N {lines[0]}"
    elif request.answers and not (request.answers_json or request.answers_text):
        lines.append(f"-o {_file(request)}")
    return "curl -sS --fail-with-body " + " \\\n  ".join(lines)


def python(request: ExampleRequest) -> str:
    """A program that needs httpx."""
    arguments = list(_python_arguments(request))
    call = "".join(f"    {argument},\n" for argument in arguments)
    imports = [name for name in ("json", "os") if f"{name}." in call]
    if "Path(" in call or _is_file(request):
        imports.append("pathlib")
    head = "".join(f"import {name}\n" for name in imports if name != "pathlib")
    head += "from pathlib import Path\n" if "pathlib" in imports else ""
    head = f"{head}\nimport httpx\n\n" if head else "import httpx\n\n"
    if request.answers_stream:
        call = call.replace("timeout=30", "timeout=None")
        return (
            f'{head}with httpx.stream(\n    "{request.method}",\n{call}) as answer:\n'
            "    answer.raise_for_status()\n"
            "    for line in answer.iter_lines():\n        print(line)\n"
        )
    told = "print(answer.status_code)"
    if request.answers_json:
        told = "print(answer.json())"
    elif request.answers_text:
        told = "print(answer.text)"
    elif _is_file(request):
        told = f'Path("{_file(request)}").write_bytes(answer.content)'
    follow = "answer.raise_for_status()\n"
    return f"{head}answer = httpx.{request.method.lower()}(\n{call})\n{follow}{told}\n"


def _python_arguments(request: ExampleRequest) -> Iterator[str]:
    names = parameters(request.path)
    path = filled(request.path, lambda name: "{os.environ['" + name.upper() + "']}")
    yield f'{"f" if names else ""}"{request.server}{path}"'
    if request.query:
        yield f"params={py_literal(request.query, '    ')}"
    headers = []
    if (secret := request.secret) is not None:
        value = f'os.environ["{secret.variable}"]'
        if secret.start:
            value = f"f\"{secret.start}{{os.environ['{secret.variable}']}}\""
        headers.append(f'"{secret.header}": {value}')
    headers += [f'"{name}": os.environ["{value}"]' for name, value in request.headers.items()]
    if headers:
        yield f"headers={{{', '.join(headers)}}}"
    if request.body_file:
        yield f'json=json.loads(Path("{request.body_file}").read_bytes())'
    elif request.body is not None:
        yield f"json={py_literal(request.body, '    ')}"
    if request.form:
        yield f"data={py_literal(request.form, '    ')}"
    if request.files:
        read = 'Path(os.environ["FILE"]).read_bytes()'
        parts = ", ".join(f'"{name}": {read}' for name in request.files)
        yield f"files={{{parts}}}"
    yield "timeout=30"


def javascript(request: ExampleRequest) -> str:
    """A module for Node or, with its variables written in, for a browser."""
    lines = list(_js_imports(request))
    if lines:
        lines.append("")
    variables = list(request.variables) + (["FILE"] if request.files else [])
    if variables:
        lines += [f"const {{ {', '.join(variables)} }} = process.env;", ""]
    for name in request.files:
        lines += ["const form = new FormData();"]
        lines += [f'form.append("{name}", await openAsBlob(FILE), basename(FILE));', ""]
    path = filled(request.path, lambda name: "${" + name.upper() + "}")
    url = request.server + path
    if request.query:
        lines += [f"const query = new URLSearchParams({js_literal(request.query)});", ""]
        url += "?${query}"
    url = f"`{url}`" if "${" in url else f'"{url}"'
    options = "".join(f"  {option},\n" for option in _js_options(request))
    lines.append(
        f"const answer = await fetch({url}, {{\n{options}}});"
        if options
        else f"const answer = await fetch({url});"
    )
    lines.append("if (!answer.ok) throw new Error(await answer.text());")
    lines += _js_told(request)
    return "\n".join(lines) + "\n"


def _js_imports(request: ExampleRequest) -> Iterator[str]:
    if request.files:
        yield 'import { openAsBlob } from "node:fs";'
        yield 'import { basename } from "node:path";'
    if request.body_file:
        yield 'import { readFile } from "node:fs/promises";'
    if _is_file(request):
        yield 'import { writeFile } from "node:fs/promises";'


def _js_options(request: ExampleRequest) -> Iterator[str]:
    if request.method != "GET":
        yield f'method: "{request.method}"'
    headers = []
    if (secret := request.secret) is not None:
        value = f"`{secret.start}${{{secret.variable}}}`" if secret.start else secret.variable
        headers.append(f"{_js_key(secret.header)}: {value}")
    headers += [f"{_js_key(name)}: {value}" for name, value in request.headers.items()]
    if request.body is not None:
        headers.append('"Content-Type": "application/json"')
    if headers:
        yield f"headers: {{ {', '.join(headers)} }}"
    if request.files:
        yield "body: form"
    elif request.body_file:
        yield f'body: await readFile("{request.body_file}")'
    elif request.body is not None:
        yield f"body: JSON.stringify({js_literal(request.body, '  ')})"
    elif request.form:
        yield f"body: new URLSearchParams({js_literal(request.form, '  ')})"


def _js_told(request: ExampleRequest) -> list[str]:
    if request.answers_stream:
        return [
            "for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {",
            "  console.log(chunk);",
            "}",
        ]
    if request.answers_json:
        return ["console.log(await answer.json());"]
    if request.answers_text:
        return ["console.log(await answer.text());"]
    if _is_file(request):
        body = "Buffer.from(await answer.arrayBuffer())"
        return [f'await writeFile("{_file(request)}", {body});']
    return ["console.log(answer.status);"]


def _js_key(name: str) -> str:
    return name if re.fullmatch(r"\w+", name) else f'"{name}"'


def _is_file(request: ExampleRequest) -> bool:
    return bool(request.answers) and not (
        request.answers_json or request.answers_text or request.answers_stream
    )


def _file(request: ExampleRequest) -> str:
    return f"{SAVED}.{_ENDINGS.get(request.answers, 'bin')}"
