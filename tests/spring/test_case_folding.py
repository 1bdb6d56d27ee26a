"""Both stacks store names in the same case, so each finds what the other has stored."""

import subprocess
import unicodedata
from pathlib import Path

import pytest

from tests.generated.spring import java_home

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "templates/shared/spring/chassis/CaseFolding.java"
PRINT_ALL = """
import com.example.shop.chassis.CaseFolding;

class PrintAll {
    public static void main(String[] arguments) {
        for (int letter = 0; letter <= Character.MAX_CODE_POINT; letter++) {
            if (Character.isDefined(letter) && Character.getType(letter) != Character.SURROGATE) {
                StringBuilder line = new StringBuilder(Integer.toHexString(letter));
                CaseFolding.fold(Character.toString(letter))
                        .codePoints()
                        .forEach(folded -> line.append(' ').append(Integer.toHexString(folded)));
                System.out.println(line);
            }
        }
    }
}
"""


@pytest.mark.slow
def test_every_letter_has_the_same_case_in_both_stacks(tmp_path: Path) -> None:
    """Letters that one of the two versions of Unicode does not have yet are left out."""
    driver = tmp_path / "PrintAll.java"
    driver.write_text(PRINT_ALL)
    tools = Path(java_home(), "bin")
    subprocess.run([tools / "javac", "-encoding", "UTF-8", "-d", tmp_path, SOURCE, driver], check=True)
    done = subprocess.run(
        [tools / "java", "-cp", tmp_path, "PrintAll"], check=True, capture_output=True, text=True
    )
    letters = [[chr(int(each, 16)) for each in line.split()] for line in done.stdout.splitlines()]
    folded = {letter: "".join(result) for letter, *result in letters}
    known = {letter for letter in folded if unicodedata.category(letter) != "Cn"}
    assert len(known) > 140_000
    assert {letter: folded[letter] for letter in known if folded[letter] != letter.casefold()} == {}
