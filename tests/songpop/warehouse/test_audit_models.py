import json
import re
from pathlib import Path

import pytest

from songpop.warehouse.audit_models import audit_models, list_orphans
from songpop.warehouse.checks import Finding
from tests.songpop.warehouse.make_warehouse import make_healthy


def audit_after(tmp_path: Path, change: str) -> list[Finding]:
    paths, con = make_healthy(tmp_path)
    folder = paths.models / "us" / "us-2"
    weights, manifest = folder / "member_0.bin", folder / "manifest.json"
    if change == "altered weights":
        weights.write_bytes(weights.read_bytes().swapcase())
    elif change == "missing weights":
        weights.unlink()
    elif change == "altered manifest":
        manifest.write_text(manifest.read_text() + " ")
    elif change == "missing manifest":
        manifest.unlink()
    elif change == "other manifest":
        manifest.write_bytes((paths.models / "us" / "us-1" / "manifest.json").read_bytes())
    elif change == "missing folder":
        folder.rename(tmp_path / "elsewhere")
    findings = audit_models(con, paths)
    con.close()
    return findings


def test_healthy_artefacts_have_no_findings(tmp_path: Path) -> None:
    assert audit_after(tmp_path, "none") == []


@pytest.mark.parametrize(
    ("change", "name", "got"),
    [
        ("altered weights", "member_0.bin", "SHA-256"),
        ("missing weights", "member_0.bin", "a file, got No such file"),
        ("altered manifest", "manifest.json", "SHA-256"),
        ("other manifest", "manifest.json", "SHA-256"),
        ("missing manifest", "manifest.json", "a file, got No such file"),
        ("missing folder", "manifest.json", "a file, got No such file"),
    ],
)
def test_damaged_artefact_is_named_with_the_file(
    tmp_path: Path, change: str, name: str, got: str
) -> None:
    findings = audit_after(tmp_path, change)

    assert [(finding.severity, finding.subject) for finding in findings] == [
        ("error", "model us-2")
    ]
    assert f"us/us-2/{name}: expected {got}" in findings[0].message
    assert "run `songpop repair`, which takes it from a backup; where none has it, " in (
        findings[0].message
    )


def test_altered_file_is_told_by_the_beginnings_of_both_digests(tmp_path: Path) -> None:
    (finding,) = audit_after(tmp_path, "altered weights")

    assert re.search(r"expected SHA-256 [0-9a-f]{12}…, got [0-9a-f]{12}…", finding.message)


@pytest.mark.parametrize("manifest", ["", "[]", "{}", '{"files": 3}', '{"files": ["a"]}', "\udcff"])
def test_manifest_that_lists_no_files_is_a_finding(tmp_path: Path, manifest: str) -> None:
    paths, con = make_healthy(tmp_path)
    path = paths.models / "us" / "us-2" / "manifest.json"
    path.write_bytes(manifest.encode(errors="surrogateescape"))
    con.execute(
        "update ml.models set artefact_sha256 = sha256(content) "
        "from read_blob(?) where version = 'us-2'",
        [str(path)],
    )

    findings = audit_models(con, paths)

    assert [finding.subject for finding in findings] == ["model us-2"]
    assert 'expected a JSON object with "files", got none' in findings[0].message
    con.close()


@pytest.mark.parametrize("name", ["../us-1/member_0.bin", "/etc/hostname"])
def test_manifest_never_leads_out_of_its_folder(tmp_path: Path, name: str) -> None:
    paths, con = make_healthy(tmp_path)
    path = paths.models / "us" / "us-2" / "manifest.json"
    path.write_text(json.dumps({"files": {name: "x"}}))
    con.execute(
        "update ml.models set artefact_sha256 = sha256(content) "
        "from read_blob(?) where version = 'us-2'",
        [str(path)],
    )

    findings = audit_models(con, paths)

    assert "expected a file inside its folder, got one outside" in findings[0].message
    con.close()


def test_folder_of_no_model_is_a_note(tmp_path: Path) -> None:
    paths, con = make_healthy(tmp_path)
    orphan = paths.models / "us" / "us-9"
    orphan.mkdir()

    findings = audit_models(con, paths)

    assert list_orphans(con, paths) == [orphan]
    assert [(finding.severity, finding.subject) for finding in findings] == [
        ("note", "folder us-9")
    ]
    assert "expected a registered model, got none; delete it" in findings[0].message
    con.close()
