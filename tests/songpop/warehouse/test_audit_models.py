import hashlib
import json
import re
from pathlib import Path

import pytest

from songpop.warehouse.audit_models import audit_models, find_problem, list_orphans
from songpop.warehouse.checks import Finding
from tests.songpop.warehouse.make_warehouse import add_model, make_healthy


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


def test_finding_says_which_file_of_which_model_is_wrong_and_how_to_get_it_back(
    tmp_path: Path,
) -> None:
    paths, con = make_healthy(tmp_path)
    add_model(con, paths, "gb-1", from_week=6, feed="gb")
    altered = paths.models / "gb" / "gb-1" / "member_0.bin"
    altered.write_bytes(b"other")
    missing = paths.models / "us" / "us-2" / "manifest.json"
    missing.unlink()
    wanted, got = (
        hashlib.sha256(content).hexdigest()[:12] for content in (b"weights of gb-1", b"other")
    )
    remedy = (
        "run `songpop repair`, which takes it from a backup; where none has it, "
        "`songpop backfill --feed"
    )

    assert audit_models(con, paths) == [
        Finding(
            "error",
            "model artefacts",
            "model gb-1",
            f"{altered}: expected SHA-256 {wanted}…, got {got}…; {remedy} gb`",
        ),
        Finding(
            "error",
            "model artefacts",
            "model us-2",
            f"{missing}: expected a file, got No such file or directory; {remedy} us`",
        ),
    ]
    con.close()


def test_of_several_wrong_files_the_first_by_name_is_told(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"right").hexdigest()
    names = ["c.bin", "b.bin", "a.bin"]
    manifest = json.dumps({"files": dict.fromkeys(names, digest)})
    (tmp_path / "manifest.json").write_text(manifest)
    (tmp_path / "a.bin").write_bytes(b"right")
    (tmp_path / "c.bin").write_bytes(b"wrong")
    sha256 = hashlib.sha256(manifest.encode()).hexdigest()

    found = find_problem(tmp_path, sha256)

    assert found == (tmp_path / "b.bin", "a file", "No such file or directory")


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
    assert findings == [
        Finding(
            "note",
            "model artefacts",
            "folder us-9",
            f"{orphan}: expected a registered model, got none; "
            "delete it, or keep it for a run that needs it",
        )
    ]
    con.close()
