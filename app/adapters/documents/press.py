"""A process of its own that typesets: typst keeps what it has read in memory, and a web process need not hold that.

Started with the templates' folder and the font's; speaks as ``beside.py`` says. Ends when nobody has asked for a while,
or when who asks has gone.
"""

import json
import select
import sys

import typst

_IDLE_SECONDS = 60


def main(templates: str, fonts: str) -> None:
    """Print one paper after another."""
    compiler = typst.Compiler(root=templates, font_paths=[fonts], ignore_system_fonts=True)
    asked, answers = sys.stdin.buffer, sys.stdout.buffer
    while select.select([asked], [], [], _IDLE_SECONDS)[0] and (line := asked.readline()):
        wanted = json.loads(line)
        try:
            content = one_file(
                compiler.compile(
                    wanted["layout"],
                    format="pdf",
                    sys_inputs={"data": wanted["data"]},
                    pdf_standards=["a-2b"],
                    timestamp=wanted["timestamp"],
                )
            )
        except (typst.TypstError, ValueError, RuntimeError) as error:
            answers.write(json.dumps({"error": str(error)}).encode() + b"\n")
        else:
            answers.write(json.dumps({"size": len(content)}).encode() + b"\n" + content)
        answers.flush()


def one_file(printed: bytes | list[bytes] | None) -> bytes:
    """What was printed: a PDF is one file. Raises ``ValueError`` for anything else."""
    if not isinstance(printed, bytes):
        raise ValueError("not one file")  # noqa: TRY004 - the library's answer is wrong, not its type
    return printed


if __name__ == "__main__":
    main(*sys.argv[1:])
