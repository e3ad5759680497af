#!/usr/bin/env python3
"""console_pages.py FOLDER: the files in FOLDER as C++, for src/console/pages.h."""

import pathlib
import sys

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
}
LINE = 4096


def literal(data):
    """String literals, one a line. Octal escapes have a fixed width, so nothing runs into the next byte."""
    plain = {byte: chr(byte) for byte in range(0x20, 0x7F) if chr(byte) not in '"\\?'}
    text = [plain.get(byte, f"\\{byte:03o}") for byte in data]
    return "\n".join('    "' + "".join(text[at:at + LINE]) + '"' for at in range(0, len(text), LINE)) or '    ""'


def main():
    folder = pathlib.Path(sys.argv[1])
    print("// Made by tools/console_pages.py.")
    print('#include "console/pages.h"\n\nnamespace confab {\nnamespace {\n')
    rows = []
    for number, file in enumerate(sorted(path for path in folder.rglob("*") if path.is_file())):
        data = file.read_bytes()
        name = "/" + file.relative_to(folder).as_posix()
        print(f"constexpr std::string_view kBytes{number}(\n{literal(data)},\n    {len(data)});\n")
        rows.append(f'    {{"{"/" if name == "/index.html" else name}", "{TYPES[file.suffix]}", kBytes{number}}},')
    print("constexpr Page kPages[] = {\n" + "\n".join(rows) + "\n};\n\n}  // namespace\n")
    print("std::span<const Page> console_pages() {\n  return kPages;\n}\n\n}  // namespace confab")


if __name__ == "__main__":
    main()
