import numpy as np

from songpop.model.layers import BatchNorm, fold_batch_norm, make_layer


def test_a_layer_is_stored_with_a_row_for_each_unit() -> None:
    layer = make_layer(np.arange(6.0).reshape(3, 2), np.array([1.0, 2.0]))

    assert layer.kernel.tolist() == [[0, 2, 4], [1, 3, 5]]
    assert layer.bias.tolist() == [[1], [2]]
    assert layer.kernel.dtype == layer.bias.dtype == np.float32
    assert layer.kernel.flags.c_contiguous


def test_folding_gives_what_normalising_first_gives() -> None:
    rng = np.random.default_rng(6)
    hidden, kernel, bias = rng.normal(size=(50, 4)), rng.normal(size=(4, 3)), rng.normal(size=3)
    norm = BatchNorm(
        gamma=rng.normal(size=4),
        beta=rng.normal(size=4),
        mean=rng.normal(size=4),
        variance=rng.random(4),
        epsilon=1e-3,
    )
    normalised = norm.gamma * (hidden - norm.mean) / np.sqrt(norm.variance + 1e-3) + norm.beta
    folded_kernel, folded_bias = fold_batch_norm(kernel, bias, norm)

    assert np.allclose(hidden @ folded_kernel + folded_bias, normalised @ kernel + bias)
