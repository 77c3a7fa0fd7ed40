using static Whence.Nn;

namespace Whence.Data.Tests;

/// <summary>A table: two numbers and a column of three categories, of which one lies apart.</summary>
[Network(Explain = Methods.All, Weights = "")]
public sealed partial class PersonNet
{
    [Linear(6)] private partial Tensor Fc1(Tensor x);
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(5), Features("age", "colour=red", "colour=blue", "income", "colour=green")] Tensor person) =>
        Fc2(Relu(Fc1(person / 10)));
}

/// <summary>DNA of twelve bases.</summary>
[Network(Explain = Methods.All, Weights = "")]
public sealed partial class DnaNet
{
    [Conv1d(5, kernel: 4)] private partial Tensor Conv(Tensor x);
    [Linear(2)] private partial Tensor Fc(Tensor x);

    public Tensor Forward([Shape(4, 12)] Tensor sequence) => Sigmoid(Fc(GlobalAvgPool(Relu(Conv(sequence)))));
}

/// <summary>Images of four by three.</summary>
[Network(Explain = Methods.All, Weights = "")]
public sealed partial class ImageNet
{
    [Linear(4)] private partial Tensor Fc1(Tensor x);
    [Linear(3)] private partial Tensor Fc2(Tensor x);

    public Tensor Forward([Shape(1, 4, 3)] Tensor image) => Fc2(Relu(Fc1(Flatten(image))));
}

/// <summary>An input that is held fixed, and one whose logarithm is not finite at zero and below.</summary>
[Network(Explain = Methods.IntegratedGradients, Weights = "")]
public sealed partial class MaskedNet
{
    [Linear(2)] private partial Tensor Fc(Tensor x);

    public Tensor Forward([Shape(2), Features("a", "b")] Tensor values, [Mask(2), Features("has a", "has b")] Tensor present) =>
        Fc(Log(values) * present);
}

/// <summary>Two numbers, and one: the columns of Parquet's own test data.</summary>
[Network(Explain = Methods.DeepLift, Weights = "")]
public sealed partial class PairNet
{
    [Linear(2)] private partial Tensor Fc(Tensor x);

    public Tensor Forward([Shape(2), Features("a", "b")] Tensor values) => Fc(values);
}

/// <inheritdoc cref="PairNet"/>
[Network(Explain = Methods.DeepLift, Weights = "")]
public sealed partial class OneNet
{
    [Linear(2)] private partial Tensor Fc(Tensor x);

    public Tensor Forward([Shape(1), Features("long_field")] Tensor values) => Fc(values);
}

/// <summary>Networks that are called as those above.</summary>
public static partial class OtherNets
{
    /// <summary>The same names and shapes, and another activation.</summary>
    [Network(Explain = Methods.All, Weights = "")]
    public sealed partial class PersonNet
    {
        [Linear(6)] private partial Tensor Fc1(Tensor x);
        [Linear(3)] private partial Tensor Fc2(Tensor x);

        public Tensor Forward([Shape(5), Features("age", "colour=red", "colour=blue", "income", "colour=green")] Tensor person) =>
            Fc2(Tanh(Fc1(person / 10)));
    }
}
