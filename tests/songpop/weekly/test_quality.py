from dataclasses import replace

from songpop.weekly.quality import show_quality
from tests.songpop.pages.read import Page
from tests.songpop.weekly.make_facts import make_check, make_export, make_facts, make_unscored


def test_rows_that_were_kept_aside_are_counted_in_words() -> None:
    text = show_quality(
        make_facts(
            rows_read=10,
            loaded=7,
            duplicate=1,
            quarantined=2,
            damaged_text_count=1,
            falling_counter_count=3,
        )
    )

    assert (
        "Of 10 rows that arrived 7 were taken in; 1 repeated another exactly and 2 were kept aside"
    ) in text
    assert "1 name came damaged" in text
    assert "3 totals fell since the week before" in text


def test_rows_that_were_all_taken_in_are_told_in_one_clause() -> None:
    assert "All 3 rows that arrived were taken in." in show_quality(make_facts())


def test_what_follows_from_drift_is_said_as_a_sentence() -> None:
    reasons = ["TikTok views: higher", "therefore retrain: lasting 2 weeks"]
    text = show_quality(make_facts(drift_decision="retrain", drift_reasons=reasons))

    assert "<li>TikTok views: higher</li>" in text
    assert "<li>So a new model was to be tried (lasting 2 weeks)</li>" in text


def test_quiet_week_is_told_in_one_sentence_with_its_checks_folded() -> None:
    text = show_quality(make_facts())

    assert "looks like those that the model learned from" in text
    assert "Checks: 1, of which 0 spoke up" in text
    assert text.index("<summary>") < text.index("nothing comes near")


def test_checks_show_figures_and_verdicts() -> None:
    facts = replace(make_facts(), checks=[make_check(statistic=-0.25, verdict="fail")])
    row = Page(show_quality(facts)).table("check")["level"]

    assert (row["of"], row["found"], row["verdict"]) == ("streams week count", "−0.25", "fail")


def test_week_without_checks_was_not_judged() -> None:
    assert "could not be judged" in show_quality(replace(make_facts(), checks=[]))
    assert "was not judged" in show_quality(make_facts(drift_decision=None))


def test_kept_out_week_says_why_and_what_to_do() -> None:
    facts = make_unscored(rows_count=None, drift_decision="quarantine", drift_reasons=["Up 1,000"])
    exports = [make_export(status="refused", reason="implausible")]
    text = show_quality(replace(facts, exports=exports))

    assert "chart.csv was refused: implausible" in text
    assert "songpop accept charts_us 2024-06-27" in text
    assert "<li>Up 1,000</li>" in text
