"""Both stacks store names and words in the same form, so each finds what the other has stored."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.generated.spring import java_home

SHARED = Path(__file__).parents[2] / "templates/shared"
SOURCES = (SHARED / "spring/chassis/CaseFolding.java", SHARED / "spring/content/Words.java")
# Both print a line for each character that is assigned: its code point, and the folded form and the words of
# a text with it, within a word, alone, before an accent, and after one.
JAVA = """
package com.example.shop.content;

import com.example.shop.chassis.CaseFolding;
import java.util.stream.Collectors;

class PrintAll {
    public static void main(String[] arguments) {
        StringBuilder lines = new StringBuilder();
        for (int letter = 0; letter <= Character.MAX_CODE_POINT; letter++) {
            if (Character.isDefined(letter) && Character.getType(letter) != Character.SURROGATE) {
                String each = Character.toString(letter);
                String text = "a" + each + "b " + each + " " + each + "\\u0301c e\\u0301" + each;
                String words =
                        Words.of(text).stream().map(PrintAll::hex).sorted().collect(Collectors.joining(" "));
                lines.append(hex(each) + '|' + hex(CaseFolding.fold(text)) + '|' + words + '\\n');
            }
        }
        System.out.print(lines);
    }

    private static String hex(String text) {
        return text.codePoints().mapToObj(Integer::toHexString).collect(Collectors.joining(","));
    }
}
"""
PYTHON = """
import sys
from unicodedata import category

from chassis.folding import folded
from content.words import words

def in_hex(text):
    return ",".join(f"{ord(each):x}" for each in text)

for letter in range(sys.maxunicode + 1):
    each = chr(letter)
    if category(each) not in ("Cn", "Cs"):
        text = f"a{each}b {each} {each}\\u0301c e\\u0301{each}"
        print(f"{letter:x}|{in_hex(folded(text))}|{' '.join(sorted(map(in_hex, words(text))))}")
"""


@pytest.mark.slow
def test_every_character_is_the_same_in_both_stacks(tmp_path: Path) -> None:
    """Characters that one of the two versions of Unicode does not have yet are left out."""
    driver = tmp_path / "PrintAll.java"
    driver.write_text(JAVA)
    tools = Path(java_home(), "bin")
    subprocess.run([tools / "javac", "-encoding", "UTF-8", "-d", tmp_path, *SOURCES, driver], check=True)
    in_java = lines_of([tools / "java", "-cp", tmp_path, "com.example.shop.content.PrintAll"], tmp_path)
    # Without bytecode in the folder of the templates.
    in_python = lines_of([sys.executable, "-B", "-c", PYTHON], SHARED / "python")
    known = in_java.keys() & in_python.keys()
    assert len(known) > 140_000
    different = {each: (in_java[each], in_python[each]) for each in known if in_java[each] != in_python[each]}
    assert different == {}


def lines_of(command: list[str | Path], folder: Path) -> dict[str, str]:
    """Return what a program prints, by the code points at the beginning of its lines."""
    done = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True)
    return dict(line.split("|", 1) for line in done.stdout.splitlines())
