from songpop.ingest.reasons import REASONS, REFUSALS


def test_codes_are_plain_words_in_order() -> None:
    for codes in (list(REASONS), list(REFUSALS)):
        assert codes == sorted(codes)
        assert all(code.replace("_", "").isalpha() and code.islower() for code in codes)


def test_no_code_means_two_things() -> None:
    assert not set(REASONS) & set(REFUSALS)
    assert len(set(REASONS.values())) == len(REASONS)
