"""The compiled training loop: one call into TensorFlow an epoch."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from songpop.model.architecture import KerasModel, build_network
from songpop.model.keras_runtime import load_keras
from songpop.model.sample import Sample
from songpop.settings import TrainingSettings

Tensor = Any
Weights = list[NDArray[np.float32]]


class TrainingLoop:
    """A Keras network, its optimiser, and their epoch as one graph.

    Keras's own ``fit`` spends most of its time between steps: 12 s of processor time for 60 epochs
    of 3,680 rows. Here the rows stay in memory, an epoch is one call into a graph, and the graph,
    compiled once, serves every penalty and seed: 2 s for the same epochs.

    Args:
        inputs_count: columns of the input matrix.
        settings: shape, dropout and kind of penalty.
    """

    def __init__(self, inputs_count: int, settings: TrainingSettings) -> None:
        self._tf, keras = load_keras()
        self._regularizer = settings.regularizer
        self._network = build_network(inputs_count, settings, strength=0.0)
        self._to_logit = self._network.layers[:-1]
        self._kernels = [layer.kernel for layer in self._of_kind("Dense")[:-1]]
        self._optimizer = keras.optimizers.RMSprop()
        self._optimizer.build(self._network.trainable_variables)
        self._first_moments = [variable.numpy() for variable in self._optimizer.variables]
        self._run_epoch, self._judge, self._judge_given = self._compile(inputs_count)

    def reset(self, rng: np.random.Generator) -> None:
        """Give every variable its first value: weights uniform as Glorot and Bengio have them.

        "Understanding the Difficulty of Training Deep Feedforward Neural Networks", AISTATS 2010,
        equation 16; Keras's default, here from numpy's generator.
        """
        for layer in self._of_kind("Dense"):
            limit = np.sqrt(6 / sum(layer.kernel.shape))
            layer.kernel.assign(rng.uniform(-limit, limit, layer.kernel.shape))
            layer.bias.assign(np.zeros(layer.bias.shape))
        for layer in self._of_kind("BatchNormalization"):
            for variable, value in zip(layer.variables, (1.0, 0.0, 0.0, 1.0), strict=True):
                variable.assign(np.full(variable.shape, value))
        for layer in self._of_kind("Dropout"):
            layer.seed_generator.state.assign(rng.integers(0, 2**31, 2))
        for variable, value in zip(self._optimizer.variables, self._first_moments, strict=True):
            variable.assign(value)

    def tensors(self, sample: Sample) -> tuple[Tensor, Tensor]:
        """Return rows and targets as the loop wants them, to be kept over all epochs."""
        tf = self._tf
        return tf.constant(sample.x), tf.constant(sample.taught.astype(np.float32)[:, None])

    def run_epoch(
        self, rows: tuple[Tensor, Tensor], order: NDArray[np.int32], strength: float, rate: float
    ) -> float:
        """Move the weights by one epoch; return its mean log loss, in nats, without the penalty.

        Args:
            rows: from ``tensors``.
            order: (batches, rows of each), row numbers.
            strength: λ of the penalty.
            rate: learning rate.
        """
        self._optimizer.learning_rate.assign(rate)
        tf = self._tf
        return float(self._run_epoch(*rows, tf.constant(order), tf.constant(strength, tf.float32)))

    def log_loss(self, rows: tuple[Tensor, Tensor]) -> float:
        """Return the mean log loss of *rows*, in nats, as the network stands."""
        return float(self._judge(*rows))

    def log_loss_of(self, rows: tuple[Tensor, Tensor], weights: Weights) -> float:
        """Return the mean log loss that *rows* would have with *weights*; the network stays.

        Args:
            rows: from ``tensors``.
            weights: what ``weights`` once returned, or means of it.
        """
        flat = [value.ravel() for value in weights if value.dtype == np.float32]
        return float(self._judge_given(*rows, self._tf.constant(np.concatenate(flat))))

    def weights(self) -> Weights:
        """Return a copy of all variables, those of the normalisation too."""
        return [variable.numpy() for variable in self._network.variables]

    def _of_kind(self, kind: str) -> list[KerasModel]:
        return [layer for layer in self._network.layers if type(layer).__name__ == kind]

    def _compile(self, inputs_count: int) -> tuple[Any, Any, Any]:
        tf = self._tf
        rows = tf.TensorSpec((None, inputs_count), tf.float32)
        labels = tf.TensorSpec((None, 1), tf.float32)
        order = tf.TensorSpec((None, None), tf.int32)
        strength = tf.TensorSpec((), tf.float32)
        # Without autograph the graph is traced from these very functions.
        epoch = tf.function(
            self._epoch, input_signature=(rows, labels, order, strength), autograph=False
        )
        judge = tf.function(self._untrained_loss, input_signature=(rows, labels), autograph=False)
        flat = tf.TensorSpec((None,), tf.float32)
        judge_given = tf.function(
            self._untrained_loss_of, input_signature=(rows, labels, flat), autograph=False
        )
        return epoch, judge, judge_given

    def _epoch(self, x: Tensor, y: Tensor, order: Tensor, strength: Tensor) -> Tensor:
        tf = self._tf

        def advance(place: Tensor, total: Tensor) -> tuple[Tensor, Tensor]:
            batch = order[place]
            loss = self._step(tf.gather(x, batch), tf.gather(y, batch), strength)
            return place + 1, total + loss

        def goes_on(place: Tensor, total: Tensor) -> Tensor:
            del total
            return place < count

        count = tf.shape(order)[0]
        start = (tf.constant(0), tf.constant(0.0))
        _, total = tf.while_loop(goes_on, advance, start)
        return total / tf.cast(count, tf.float32)

    def _step(self, x: Tensor, y: Tensor, strength: Tensor) -> Tensor:
        variables = self._network.trainable_variables
        with self._tf.GradientTape() as tape:
            loss = self._log_loss(x, y, training=True)
            objective = loss + strength * self._penalty()
        self._optimizer.apply(tape.gradient(objective, variables), variables)
        return loss

    def _untrained_loss(self, x: Tensor, y: Tensor) -> Tensor:
        return self._log_loss(x, y, training=False)

    def _untrained_loss_of(self, x: Tensor, y: Tensor, flat: Tensor) -> Tensor:
        # One argument instead of one a variable, whose binding costs more than the rows do.
        tf = self._tf
        variables = [one for one in self._network.variables if one.dtype == "float32"]
        parts = tf.split(flat, [int(np.prod(one.shape)) for one in variables])
        given = {
            one.path: tf.reshape(part, one.shape)
            for one, part in zip(variables, parts, strict=True)
        }

        def values(of: list[Any]) -> list[Tensor]:
            return [given.get(one.path, one.value) for one in of]

        hidden = x
        for layer in self._to_logit:
            trained, kept = values(layer.trainable_variables), values(layer.non_trainable_variables)
            hidden, _ = layer.stateless_call(trained, kept, hidden, training=False)
        return self._mean_loss(hidden, y)

    def _log_loss(self, x: Tensor, y: Tensor, *, training: bool) -> Tensor:
        hidden = x
        for layer in self._to_logit:
            hidden = layer(hidden, training=training)
        return self._mean_loss(hidden, y)

    def _mean_loss(self, logits: Tensor, y: Tensor) -> Tensor:
        tf = self._tf
        return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=logits))

    def _penalty(self) -> Tensor:
        tf = self._tf
        size = {"l1": tf.abs, "l2": tf.square}.get(self._regularizer)
        if size is None:
            return tf.constant(0.0)
        return sum((tf.reduce_sum(size(kernel)) for kernel in self._kernels), tf.constant(0.0))
