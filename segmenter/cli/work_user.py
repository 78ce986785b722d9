"""Makes ``docs/work-user.md`` from the guide of ``check --guide``: ``python -m segmenter.cli.work_user``."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from segmenter.i18n import speaking
from segmenter.reports.guide import SCREENS, Case, markdown, sections

HEADS = {
    "es": """\
# El usuario de trabajo · The work user

Hecho con `python -m segmenter.cli.work_user > docs/work-user.md`; una prueba lo compara con el código.
Made by that command; a test holds it to the code. [English below](#english).

## Español

El consultor no trabaja nunca con el usuario de una persona. El cliente crea un usuario para este trabajo, con el menor
permiso que alcanza, y lo cierra al terminar. `segmenter check SPEC --guide` imprime la parte que corresponde a su
versión de Odoo y a lo que su especificación necesita, aunque todavía nadie pueda entrar.

Los pasos se recorrieron en Odoo 14 y en Odoo 19, edición Community, con la interfaz en español de Chile. En 15 a 18 se
leyeron allí los nombres del menú, de los permisos y de los botones; en español pueden variar: el inglés va detrás. En
Odoo Online el acceso externo exige un plan Custom.
""",
    "en": """\
## English

The consultant never works as somebody's own user. The client makes a user for this work, with the least privilege that
does it, and closes it at the end. `segmenter check SPEC --guide` prints the part for your version of Odoo and for what
your spec needs, even while nobody can log in yet.

The steps were walked on Odoo 14 and on Odoo 19, community edition, with Spanish screens. On 15 to 18 the names of
the menu, the levels and the buttons were read there. On Odoo Online, the external API needs a Custom plan.
""",
}


def document() -> str:
    """The whole document, Spanish first."""
    return "\n".join(_parts())


def _parts() -> Iterator[str]:
    for code, head in HEADS.items():
        yield head
        with speaking(code):
            for screens in SCREENS:
                yield f"### {screens.name}\n"
                yield markdown(sections(Case(major=screens.versions[0])), "####")


if __name__ == "__main__":
    sys.stdout.write(document())
